// Which hosts take part in which swarm, in memory: hosts announce again after a restart. A record counts only with the host's signature.
import {
  type Cid,
  type CoordinatorId,
  type MessageOf,
  type OverlayNode,
  open,
  overlayRecordSchema,
} from '@manyhands/contract';
import { Inject, Injectable } from '@nestjs/common';
import { CORE_OPTIONS, type CoreOptions } from '../core-ports.js';

const PEERS_MAXIMUM = 50;

type Member = { node: OverlayNode; sequence: number; swarms: readonly Cid[] };
export type Announced = { ok: true } | { ok: false; code: string; reason: string };

@Injectable()
export class OverlayTracker {
  private readonly members = new Map<number, Member>();
  private readonly swarms = new Map<Cid, Set<number>>();
  private readonly coordinatorId: CoordinatorId;

  constructor(@Inject(CORE_OPTIONS) { coordinatorId }: CoreOptions) {
    this.coordinatorId = coordinatorId;
  }

  /** Replaces what the host announced before. */
  announce(hostRowId: number, publicKey: Uint8Array, { envelope, swarms }: MessageOf<'overlay.announce'>): Announced {
    const context = { type: 'overlay-record', coordinatorId: this.coordinatorId } as const;
    const record = open(envelope, context, { schema: overlayRecordSchema, publicKey });
    if (!record.ok) return record;
    const { peerId, addresses, sequence } = record.value;
    const before = this.members.get(hostRowId);
    if (before && sequence < before.sequence)
      return { ok: false, code: 'MH-SIG-006', reason: 'a newer overlay record is known' };
    this.remove(hostRowId);
    this.members.set(hostRowId, { node: { peerId, addresses }, sequence, swarms });
    for (const swarm of swarms) this.swarmOf(swarm).add(hostRowId);
    return { ok: true };
  }

  /** Others in the swarm, at most 50; a different selection each time when there are more. */
  find(swarm: Cid, hostRowId: number): OverlayNode[] {
    const members = this.swarms.get(swarm);
    if (!members) return [];
    const others = [...members].filter((member) => member !== hostRowId);
    const first = others.length > PEERS_MAXIMUM ? Math.floor(Math.random() * others.length) : 0;
    const chosen = [...others.slice(first), ...others.slice(0, first)].slice(0, PEERS_MAXIMUM);
    return chosen.flatMap((member) => this.members.get(member)?.node ?? []);
  }

  has(hostRowId: number): boolean {
    return this.members.has(hostRowId);
  }

  /** The host is gone. */
  remove(hostRowId: number): void {
    for (const swarm of this.members.get(hostRowId)?.swarms ?? []) {
      const members = this.swarms.get(swarm);
      members?.delete(hostRowId);
      if (members?.size === 0) this.swarms.delete(swarm);
    }
    this.members.delete(hostRowId);
  }

  private swarmOf(swarm: Cid): Set<number> {
    let members = this.swarms.get(swarm);
    if (!members) {
      members = new Set();
      this.swarms.set(swarm, members);
    }
    return members;
  }
}

// Which hosts take part in which swarm, in memory: hosts announce again after a restart. A record counts only with the host's signature, and an
// address in it is passed on only if it is the host's own or was found to be.
import {
  type Cid,
  type CoordinatorId,
  type ErrorCode,
  type MessageOf,
  type OverlayNode,
  open,
  overlayRecordSchema,
} from '@manyhands/contract';
import { Inject, Injectable } from '@nestjs/common';
import { CORE_OPTIONS, type CoreOptions } from '../ports/options.js';
import { DialBacks } from './dial-backs.js';
import { type AnnouncedPlace, mayBePassedOn, placesOf } from './domain/announced-places.js';
import { HandOuts } from './domain/hand-outs.js';

const PEERS_MAXIMUM = 50;
/** Members that are looked at for one answer. */
const LOOKED_AT_MAXIMUM = 200;
/** As many as a worker tries. */
const ADDRESSES_MAXIMUM = 4;
/** Places in one answer at which nobody was found yet: the next who ask are to get some too. */
const UNFOUND_MAXIMUM = 4;

/** A host that is connected. `origin`: the address that its connection came from. */
export type OverlayHost = { readonly hostRowId: number; readonly publicKey: Uint8Array; readonly origin: string };
type KnownPlace = { readonly place: AnnouncedPlace; isFound: boolean; lookedAt: boolean };
type Member = {
  readonly hostRowId: number;
  readonly origin: string;
  readonly peerId: string;
  readonly sequence: number;
  readonly places: readonly KnownPlace[];
  readonly swarms: readonly Cid[];
};
export type Announced = { ok: true } | { ok: false; code: ErrorCode; reason: string };

@Injectable()
export class OverlayTracker {
  private readonly members = new Map<number, Member>();
  private readonly swarms = new Map<Cid, Set<number>>();
  private readonly handOuts = new HandOuts();
  private readonly coordinatorId: CoordinatorId;
  private readonly nowMs: () => number;

  constructor(
    @Inject(CORE_OPTIONS) { coordinatorId, nowMs }: Pick<CoreOptions, 'coordinatorId' | 'nowMs'>,
    private readonly dialBacks: DialBacks,
  ) {
    this.coordinatorId = coordinatorId;
    this.nowMs = nowMs;
  }

  /** Replaces what the host announced before. */
  announce(
    { hostRowId, publicKey, origin }: OverlayHost,
    { envelope, swarms }: Pick<MessageOf<'overlay.announce'>, 'envelope' | 'swarms'>,
  ): Announced {
    const context = { type: 'overlay-record', coordinatorId: this.coordinatorId } as const;
    const record = open(envelope, context, { schema: overlayRecordSchema, publicKey });
    if (!record.ok) return record;
    const { peerId, addresses, sequence } = record.value;
    const before = this.members.get(hostRowId);
    if (before && sequence < before.sequence)
      return { ok: false, code: 'MH-SIG-006', reason: 'a newer overlay record is known' };
    this.remove(hostRowId);
    const known = before?.peerId === peerId && before.origin === origin ? before.places : [];
    const places = placesOf(addresses, origin).map((place): KnownPlace => {
      const same = known.find((other) => other.place.address === place.address);
      return { place, isFound: same?.isFound ?? false, lookedAt: same?.lookedAt ?? false };
    });
    const member = { hostRowId, origin, peerId, sequence, places, swarms };
    this.members.set(hostRowId, member);
    for (const swarm of swarms) this.swarmOf(swarm).add(hostRowId);
    this.lookAtNamed(member);
    return { ok: true };
  }

  /** Others in the swarm where they can be reached, at most 50; a different selection each time. */
  find(swarm: Cid, asker: Pick<OverlayHost, 'hostRowId' | 'origin'>): OverlayNode[] {
    const answer = new Map<string, OverlayNode>();
    const budget = { unfound: UNFOUND_MAXIMUM };
    for (const member of this.someOf(swarm)) {
      if (answer.size >= PEERS_MAXIMUM) break;
      // Who names the node of another must not take its place in the answer.
      const isNamedTwice = answer.has(member.peerId) && !member.places.some(({ isFound }) => isFound);
      if (member.hostRowId === asker.hostRowId || isNamedTwice) continue;
      const addresses = this.addressesFor(member, asker, budget);
      if (addresses.length > 0) answer.set(member.peerId, { peerId: member.peerId, addresses });
    }
    return [...answer.values()];
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

  private addressesFor(
    member: Member,
    { hostRowId: asker, origin: to }: Pick<OverlayHost, 'hostRowId' | 'origin'>,
    budget: { unfound: number },
  ): string[] {
    const { origin: from, hostRowId: host } = member;
    const fitting = member.places.filter(({ place, isFound }) => mayBePassedOn(place, { isFound, from, to }));
    const addresses = fitting.filter(({ isFound }) => isFound).map(({ place }) => place.address);
    for (const known of fitting) {
      if (known.isFound || addresses.length >= ADDRESSES_MAXIMUM) continue;
      if (budget.unfound > 0 && this.handOuts.take(known.place, { from, host, asker }, this.nowMs())) {
        budget.unfound -= 1;
        addresses.push(known.place.address);
      } else this.lookAt(member, known);
    }
    return addresses.slice(0, ADDRESSES_MAXIMUM);
  }

  /** What is passed on to nobody before the host was found there is looked at in turn, one for each announcement. */
  private lookAtNamed(member: Member): void {
    const named = member.places.filter(
      ({ place, isFound }) => !isFound && !place.isOwn && place.isInSight && place.reach !== 'loopback',
    );
    const next = named.find(({ lookedAt }) => !lookedAt) ?? named[0];
    if (next) this.lookAt(member, next);
  }

  private lookAt(member: Member, known: KnownPlace): void {
    const { hostRowId, origin, peerId } = member;
    if (!known.place.isInSight) return;
    known.lookedAt = true;
    this.dialBacks.look({ hostRowId, origin, place: known.place }, peerId, () =>
      this.foundAt(hostRowId, peerId, known),
    );
  }

  /** The host may have announced again meanwhile. */
  private foundAt(hostRowId: number, peerId: string, { place }: KnownPlace): void {
    const member = this.members.get(hostRowId);
    if (member?.peerId !== peerId) return;
    for (const known of member.places) if (known.place.address === place.address) known.isFound = true;
  }

  /** Members of a swarm, from a random one on, so that no one is always the first. */
  private someOf(swarm: Cid): Member[] {
    const members = [...(this.swarms.get(swarm) ?? [])];
    const first = Math.floor(Math.random() * members.length);
    const chosen = [...members.slice(first), ...members.slice(0, first)].slice(0, LOOKED_AT_MAXIMUM);
    return chosen.flatMap((member) => this.members.get(member) ?? []);
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

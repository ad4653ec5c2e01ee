// Checkpoints that go from host to host: taken in from whoever computes a unit, kept unread, given to the one who holds the lease of the rest. See SPEC.md.
import type { ReadStream } from 'node:fs';
import {
  CHECKPOINT_MAXIMUM_BYTES,
  equalBytes,
  type LeaseId,
  ManyhandsError,
  type UploadState,
} from '@manyhands/contract';
import { Reservations } from '@manyhands/foundation';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { LeaseRow } from '../../storage/sqlite/leases.js';
import { unitIdOf } from '../../storage/sqlite/units.js';
import type { Announced, UploadPlace } from '../../storage/sqlite/uploads.js';
import { CoreEvents } from '../ports/core-events.js';
import { CoreStore } from '../ports/core-store.js';
import { CORE_OPTIONS, type CoreOptions } from '../ports/options.js';
import { type Part, UnfinishedUploads } from '../uploads/unfinished-uploads.js';
import { CheckpointFiles } from './checkpoint-files.js';

/** Checkpoints that come in at one time from one host. */
const UPLOADS_PER_HOST_MAXIMUM = 2;
/** What nobody signs within this time is not kept. */
const UNSIGNED_MS = 60 * 60_000;
const SWEEP_INTERVAL_MS = 5 * 60_000;

/** A unit of a lease, and who says that it is theirs. */
export type CheckpointName = { readonly hostPublicKey: Uint8Array; readonly leaseId: LeaseId; readonly index: number };
type Place = { readonly lease: LeaseRow; readonly unitId: number };
export type Incoming = {
  readonly parts: AsyncIterable<Uint8Array>;
  readonly sizeBytes: number;
  /** Of the whole body, as the call's signature covers it. */
  readonly sha256: Uint8Array;
};

@Injectable()
export class CheckpointsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly files: CheckpointFiles;
  private readonly uploads = new Map<number, number>();
  /** Bytes of uploads under way, which no row counts. */
  private readonly arriving = new Reservations(() => this.roomBytes());
  private timer: NodeJS.Timeout | undefined;
  private readonly stopListening: () => void;

  constructor(
    private readonly store: CoreStore,
    events: CoreEvents,
    private readonly unfinished: UnfinishedUploads,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
  ) {
    this.files = new CheckpointFiles(options.checkpointsDirectory);
    this.stopListening = events.onCommit(({ droppedCheckpoints }) => void this.removeFiles(droppedCheckpoints));
  }

  /** What a crash left half received in a single call is of no use. */
  async onApplicationBootstrap(): Promise<void> {
    await this.store.database.write(() => this.store.checkpoints.removeUnfinished());
    await this.files.removeAllBut(new Set(this.store.checkpoints.ids()));
    this.timer = setInterval(() => void this.sweep().catch(() => {}), SWEEP_INTERVAL_MS); // tried again at the next tick
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.stopListening();
  }

  totals(): { count: number; sizeBytes: number; handOvers: number } {
    const { checkpoints } = this.store;
    return { count: checkpoints.count(), sizeBytes: checkpoints.sumBytes(), handOvers: checkpoints.segmentCount() };
  }

  /**
   * Whether this upload is wanted now: how many bytes it may have, so that nobody's body is read in vain. Throws MH-LSE-001 and MH-LSE-002 for a lease or
   * unit that the host does not work on, MH-GEN-011 for more bytes than allowed, MH-GEN-010 when all checkpoints together would take too much room,
   * MH-WIR-004 when this host sends too many at one time.
   */
  checkUpload(name: CheckpointName, sizeBytes: number): { maximumBytes: number } {
    const { lease } = this.place(name);
    if (sizeBytes < 1)
      throw new ManyhandsError('MH-GEN-002', { message: 'The length of a checkpoint must be announced.' });
    if (sizeBytes > CHECKPOINT_MAXIMUM_BYTES) throw new ManyhandsError('MH-GEN-011');
    if (!this.arriving.hasRoom(sizeBytes)) throw this.noRoom();
    if ((this.uploads.get(lease.hostRowId) ?? 0) >= UPLOADS_PER_HOST_MAXIMUM) throw new ManyhandsError('MH-WIR-004');
    return { maximumBytes: sizeBytes };
  }

  /** Stores a checkpoint; it is durable when this resolves, and counts once it is signed. Throws like `checkUpload`, and MH-SIG-001 for other bytes. */
  async receive(name: CheckpointName, { parts, sizeBytes, sha256 }: Incoming): Promise<void> {
    this.checkUpload(name, sizeBytes);
    const { lease, unitId } = this.place(name);
    const { hostRowId } = lease;
    this.uploads.set(hostRowId, (this.uploads.get(hostRowId) ?? 0) + 1);
    try {
      await this.take({ lease, unitId }, { parts, sizeBytes, sha256 });
    } finally {
      const left = (this.uploads.get(hostRowId) ?? 1) - 1;
      if (left > 0) this.uploads.set(hostRowId, left);
      else this.uploads.delete(hostRowId);
    }
  }

  /** Throws MH-LSE-001 and MH-LSE-002 unless the host works on the unit under the lease. */
  checkSender(name: CheckpointName): void {
    this.place(name);
  }

  /** How much of a checkpoint is durable here; all of it when it waits for its signature. Throws MH-LSE-001, MH-LSE-002. */
  uploadState(name: CheckpointName, announced: Announced): UploadState {
    const place = this.place(name);
    if (this.isStored(place, announced)) return { offset: announced.sizeBytes, isComplete: true };
    return { offset: this.unfinished.receivedBytes(placeOf(place), announced), isComplete: false };
  }

  /** Takes a part; with the last one the checkpoint is stored. Throws MH-LSE-001, MH-LSE-002, MH-UPL-001, MH-UPL-002, MH-GEN-010, MH-GEN-011. */
  async takePart(name: CheckpointName, announced: Announced, part: Part): Promise<UploadState> {
    const place = this.place(name);
    const { sizeBytes } = announced;
    if (this.isStored(place, announced)) return { offset: sizeBytes, isComplete: true };
    const quotaBytes = this.roomBytes() + this.unfinished.sumBytes('checkpoint') - this.arriving.heldBytes;
    const offset = await this.unfinished.append(placeOf(place), announced, { ...part, quotaBytes });
    if (offset < sizeBytes) return { offset, isComplete: false };
    const take = (file: string): Promise<void> =>
      this.keep(this.place(name), announced, async (id) => {
        await this.files.keep(id, file);
        return { digest: announced.sha256, sizeBytes };
      });
    await this.unfinished.finish(placeOf(place), announced, { onPiece: () => {}, take });
    return { offset, isComplete: true };
  }

  /** What is left of the quota beside that which arrives just now. */
  private roomBytes(): number {
    const { checkpointQuotaBytes } = this.options;
    return checkpointQuotaBytes - this.store.checkpoints.sumBytes() - this.unfinished.sumBytes('checkpoint');
  }

  private noRoom(): ManyhandsError {
    const { checkpointQuotaBytes } = this.options;
    return new ManyhandsError('MH-GEN-010', {
      message: 'There is no room for more checkpoints.',
      meta: { checkpointQuotaBytes },
    });
  }

  private isStored({ lease, unitId }: Place, { sha256, sizeBytes }: Announced): boolean {
    const stored = this.store.checkpoints.stored({ unitId, leaseRowId: lease.id });
    return stored !== undefined && stored.sizeBytes === sizeBytes && equalBytes(stored.digest, sha256);
  }

  /** Its room is held as its bytes arrive, and given back when it is stored, which counts it, or given up. */
  private async take(place: Place, { parts, sizeBytes, sha256 }: Incoming): Promise<void> {
    const room = this.arriving.begin();
    const arrived = async function* (noRoom: () => ManyhandsError): AsyncGenerator<Uint8Array, void, void> {
      for await (const part of parts) {
        if (!room.grow(part.length)) throw noRoom();
        yield part;
      }
    };
    try {
      const fill = (id: number) =>
        this.files.receive(
          id,
          arrived(() => this.noRoom()),
          sizeBytes,
        );
      await this.keep(place, { sha256, sizeBytes }, fill);
    } finally {
      room.end();
    }
  }

  /** Makes a checkpoint of what `fill` brings to the file of its id. */
  private async keep(
    { lease, unitId }: Place,
    { sha256 }: Announced,
    fill: (id: number) => Promise<{ digest: Uint8Array; sizeBytes: number }>,
  ): Promise<void> {
    const { checkpoints, database } = this.store;
    const { id: leaseRowId, hostRowId, accountRowId } = lease;
    const nowMs = this.options.nowMs();
    const row = { unitId, leaseRowId, hostRowId, accountRowId, nowMs };
    const id = await database.write(() => checkpoints.add(row));
    try {
      const received = await fill(id);
      if (!equalBytes(received.digest, sha256))
        throw new ManyhandsError('MH-SIG-001', { meta: { reason: 'the signature covers another call' } });
      const older = await database.write(() => {
        if (!checkpoints.setStored(id, received.digest, received.sizeBytes)) return undefined;
        return checkpoints.removeOlder({ unitId, leaseRowId }, id);
      });
      if (!older) throw new ManyhandsError('MH-RCP-002'); // the unit was settled meanwhile
      await this.removeFiles(older);
    } catch (error) {
      await this.removeFiles(await database.write(() => checkpoints.remove(id)));
      await this.files.remove(id);
      throw error;
    }
  }

  /** The checkpoint that the holder of a lease is to continue from. Throws MH-LSE-001, MH-LSE-002, and MH-CKP-006 when there is none for it. */
  async read(name: CheckpointName): Promise<{ stream: ReadStream; sizeBytes: number }> {
    const { lease, unitId } = this.place(name);
    const lineage = this.store.replicas.lineages(unitId).find(([account]) => account === lease.accountRowId)?.[1];
    const stored = lineage === undefined ? undefined : this.store.checkpoints.signed(unitId, lineage);
    const found = stored && (await this.files.read(stored.id));
    if (!found) throw new ManyhandsError('MH-CKP-006');
    return found;
  }

  /** The unit that the host works on under its lease. */
  private place({ hostPublicKey, leaseId, index }: CheckpointName): Place {
    const lease = this.store.leases.byLeaseId(leaseId);
    const host = lease && this.store.hosts.byRowId(lease.hostRowId);
    if (!lease || !host || !equalBytes(host.publicKey, hostPublicKey)) throw new ManyhandsError('MH-LSE-001');
    if (host.isBanned) throw new ManyhandsError('MH-HST-001');
    const unitId = unitIdOf(lease.batchRowId, index);
    const place = { account: lease.accountRowId, lease: lease.id };
    if (this.store.replicas.running(unitId, unitId, place).length === 0) throw new ManyhandsError('MH-LSE-002');
    return { lease, unitId };
  }

  private async sweep(): Promise<void> {
    const before = this.options.nowMs() - UNSIGNED_MS;
    await this.removeFiles(await this.store.database.write(() => this.store.checkpoints.removeStale(before)));
  }

  private async removeFiles(ids: readonly number[]): Promise<void> {
    for (const id of ids) await this.files.remove(id).catch(() => {}); // swept at the next start
  }
}

function placeOf({ lease, unitId }: Place): UploadPlace {
  return { kind: 'checkpoint', unitId, hostRowId: lease.hostRowId };
}

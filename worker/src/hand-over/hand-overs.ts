// Checkpoints to and from the coordinator: what this host hands over, and what a predecessor handed over to it.
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CHECKPOINT_MAXIMUM_BYTES,
  type Cid,
  equalBytes,
  type HandOver,
  type Lease,
  ManyhandsError,
} from '@manyhands/contract';
import { backOffMs, checkHandOvers, type Lineage, lineageOf, type UnitRef } from '@manyhands/worker-core';
import { SEAL_BYTES, type SealedCheckpoint, sealTo, unseal } from './sealing.js';
import { type Signer, type SnapshotFacts, signHandOver } from './statement.js';

/** The coordinator, as far as checkpoints go. */
export type CheckpointStation = {
  /** Goes on where an earlier attempt for the same file was cut off. */
  upload(
    unit: UnitRef,
    what: { kind: 'checkpoint'; file: { path: string; sha256: Uint8Array; sizeBytes: number } },
    by: { signal: AbortSignal; onProgress(offset: number): void },
  ): Promise<void>;
  getCheckpoint(unit: UnitRef, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
};

/** Encrypted checkpoints on their way. */
type SealedRecord = SealedCheckpoint & SnapshotFacts & { stateHash: Uint8Array };
type SealedShelf = {
  path(unit: UnitRef): string;
  find(unit: UnitRef): SealedRecord | undefined;
  keep(unit: UnitRef, record: SealedRecord): void;
  forget(unit: UnitRef): void;
};

/** What a cut line, a restart of the coordinator or a proxy says; anything else is final. */
const PASSING = /^MH-(GEN-00[45]|NET-\d+|UPL-\d+|WIR-004)$/;
const RETRY = { baseMs: 1000, maximumMs: 60_000 };

type KeptSnapshot = { sizeBytes: number; isCompressed: boolean; fuel: number; markCount: number; elapsedMs: number };

type UnitName = { manifestCid: Cid; index: number };

/** Where snapshots of begun units are kept. */
type SnapshotShelf<Stored extends KeptSnapshot = KeptSnapshot> = {
  find(name: UnitName): Stored | undefined;
  read(stored: Stored): AsyncIterable<Uint8Array>;
  /** null: there is no room. */
  create(
    name: UnitName,
    snapshot: KeptSnapshot & Lineage & { expected: { stateHash: Uint8Array; chainRoot: Uint8Array | null } },
    isWanted: () => boolean,
  ): Promise<{ write(piece: Uint8Array): Promise<void>; commit(): Promise<void>; abort(): Promise<void> } | null>;
  temporaryPath(): string;
};

type HandOverDependencies<Stored extends KeptSnapshot> = {
  station: CheckpointStation;
  snapshots: SnapshotShelf<Stored>;
  sealed: SealedShelf;
  /** Some more of a checkpoint has arrived. */
  onProgress(): void;
};
export type MadeHandOver = { envelope: Uint8Array; key: Uint8Array };

export class HandOvers<Stored extends KeptSnapshot = KeptSnapshot> {
  readonly #signer: Signer;
  readonly #dependencies: HandOverDependencies<Stored>;

  constructor(options: Signer, dependencies: HandOverDependencies<Stored>) {
    this.#signer = options;
    this.#dependencies = dependencies;
  }

  /** Brings the newest snapshot of a unit to the coordinator, encrypted, and signs how far it came. Throws MH-CKP-…, MH-GEN-…, the coordinator's code. */
  async send(
    unit: UnitRef,
    { lease, head }: { lease: Lease; head: SnapshotFacts },
    signal: AbortSignal,
  ): Promise<MadeHandOver> {
    const { snapshots, sealed: shelf } = this.#dependencies;
    const { fuel, markCount, chainRoot, stateHash } = head;
    const stored = snapshots.find({ manifestCid: lease.manifestCid, index: unit.index });
    if (!stored || !stateHash || stored.fuel !== fuel || stored.sizeBytes + SEAL_BYTES > CHECKPOINT_MAXIMUM_BYTES)
      throw new ManyhandsError('MH-CKP-006', { message: 'There is no checkpoint that can be handed over.' });
    shelf.forget(unit);
    const path = shelf.path(unit);
    const sealing = sealTo(path, { isCompressed: stored.isCompressed, pieces: snapshots.read(stored) });
    const sealed = await sealing.catch((error: unknown) => {
      shelf.forget(unit);
      throw error;
    });
    shelf.keep(unit, { ...sealed, fuel, markCount, chainRoot, stateHash });
    return this.resume(unit, lease, signal);
  }

  /** Goes on with a checkpoint that was encrypted before, whatever cut it off. Throws like `send`. */
  async resume(unit: UnitRef, lease: Lease, signal: AbortSignal): Promise<MadeHandOver> {
    const { sealed: shelf } = this.#dependencies;
    const found = shelf.find(unit);
    if (!found) throw new ManyhandsError('MH-CKP-006', { message: 'There is no checkpoint that can be handed over.' });
    try {
      await this.#bring(unit, found, signal);
    } catch (error) {
      if (!signal.aborted) shelf.forget(unit); // what was cut off by our own end is taken up at the next start
      throw error;
    }
    const fromFuel = this.fuelAtStart(lease);
    const envelope = signHandOver({ lease, index: unit.index, fromFuel }, { head: found, sealed: found }, this.#signer);
    shelf.forget(unit);
    return { envelope, key: found.key };
  }

  /** The unit is let go: nothing of it is to be handed over. */
  forget(unit: UnitRef): void {
    this.#dependencies.sealed.forget(unit);
  }

  /** Uploads a checkpoint, again and again as long as it is the line that fails. */
  async #bring(unit: UnitRef, { digest, sizeBytes }: SealedRecord, signal: AbortSignal): Promise<void> {
    const { station, sealed, onProgress } = this.#dependencies;
    const file = { path: sealed.path(unit), sha256: digest, sizeBytes };
    let failureCount = 0;
    const onMoved = (): void => {
      failureCount = 0;
      onProgress();
    };
    for (;;) {
      try {
        return await station.upload(unit, { kind: 'checkpoint', file }, { signal, onProgress: onMoved });
      } catch (error) {
        if (signal.aborted || !PASSING.test(ManyhandsError.from(error).code)) throw error;
        await sleep(backOffMs(failureCount, Math.random(), RETRY), undefined, { signal });
        failureCount += 1;
      }
    }
  }

  /**
   * Fetches the checkpoint of a lease and keeps it as the unit's snapshot, to be believed only once the machine has found the signed state in it.
   * Throws MH-CKP-… for what is not as the predecessors signed it, MH-BLK-003 for trouble on the way.
   */
  async fetch(lease: Lease, unit: UnitRef, signal: AbortSignal): Promise<void> {
    const last = this.#predecessor(lease);
    const { station, snapshots } = this.#dependencies;
    const path = snapshots.temporaryPath();
    const sealed = {
      ...{ key: lease.checkpoint?.key ?? new Uint8Array(), digest: last.checkpointDigest },
      sizeBytes: last.checkpointSizeBytes,
    };
    try {
      await download(path, { pieces: await station.getCheckpoint(unit, signal), sealed });
      await this.#keep({ lease, index: unit.index }, { path, sealed, last });
    } finally {
      rmSync(path, { force: true });
    }
  }

  /** Where the predecessors of the lease stopped; 0: there are none. Throws MH-CKP-…. */
  fuelAtStart(lease: Lease): number {
    return lease.checkpoint ? this.#predecessor(lease).fuel : 0;
  }

  /** The last hand-over of the lease, after all of them were checked. Throws MH-CKP-…. */
  #predecessor(lease: Lease): HandOver {
    const checked = checkHandOvers(lease, this.#signer.coordinatorId);
    if (checked.ok) return checked.last;
    throw new ManyhandsError(checked.code, { message: `The checkpoint is refused: ${checked.reason}.` });
  }

  async #keep(
    { lease, index }: { lease: Lease; index: number },
    { path, sealed, last }: { path: string; sealed: SealedCheckpoint; last: HandOver },
  ): Promise<void> {
    const { isCompressed, pieces } = await unseal(path, sealed);
    const { fuel, markCount, stateHash, chainRoot } = last;
    const facts = { sizeBytes: sealed.sizeBytes - SEAL_BYTES, isCompressed, fuel, markCount, elapsedMs: 0 };
    const writer = await this.#dependencies.snapshots.create(
      { manifestCid: lease.manifestCid, index },
      { ...facts, ...lineageOf(lease), expected: { stateHash, chainRoot } },
      () => true,
    );
    if (!writer)
      throw new ManyhandsError('MH-CKP-006', { message: 'There is no room for the checkpoint on this host.' });
    try {
      for await (const piece of pieces) await writer.write(piece);
    } catch (error) {
      await writer.abort();
      throw error;
    }
    await writer.commit();
  }
}

/** Writes what comes to a file, no more than was signed. Throws MH-CKP-005 when it is something else. */
async function download(
  path: string,
  { pieces, sealed }: { pieces: AsyncIterable<Uint8Array>; sealed: SealedCheckpoint },
): Promise<void> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const file = await open(path, 'w', 0o600);
  try {
    for await (const piece of pieces) {
      sizeBytes += piece.length;
      if (sizeBytes > sealed.sizeBytes) throw other();
      hash.update(piece);
      await file.writeFile(piece);
    }
  } finally {
    await file.close();
  }
  if (sizeBytes !== sealed.sizeBytes || !equalBytes(new Uint8Array(hash.digest()), sealed.digest)) throw other();
}

function other(): ManyhandsError {
  return new ManyhandsError('MH-CKP-005', { message: 'The checkpoint is not the one that the predecessor signed.' });
}

// One unit of a lease as the adapters hold it: what it needs, its run, its snapshots and its hand-over.
import type { Lease } from '@manyhands/contract';
import { fitsLease, type UnitRef, type WorkerEvent } from '@manyhands/worker-core';
import type { PreparedUnit } from '../../data-plane/unit-source.js';
import type { Keeping, Run, SavedSnapshot, SnapshotWriter } from '../../executor/daemon/executor.js';
import type { SnapshotHead } from '../../executor/messages/messages.js';
import type { HandOvers, MadeHandOver } from '../../hand-over/hand-overs.js';
import type { SnapshotStore, StoredSnapshot, UnitName } from '../../journal/snapshot-store.js';

export type HeldUnitDependencies = {
  snapshots: SnapshotStore;
  handOvers: HandOvers;
  dispatch(event: WorkerEvent): void;
};

export class HeldUnit {
  readonly unit: UnitRef;
  readonly lease: Lease;
  /** Ends when the unit is let go: fetches and uploads for it end too. */
  readonly life = new AbortController();
  prepared: PreparedUnit | null = null;
  run: Run | null = null;
  /** Has a result, or is not needed any more: a snapshot that comes late is of no use. */
  isSettled = false;
  readonly #dependencies: HeldUnitDependencies;
  /** The work of others that the run rests on, as `Lineage` names it. */
  #base: Uint8Array | null = null;
  /** The checkpoint that the core waits for; null: none, or it is on its way already. */
  #askedHandOver: { isFinal: boolean } | null = null;

  constructor(options: { unit: UnitRef; lease: Lease }, dependencies: HeldUnitDependencies) {
    this.unit = options.unit;
    this.lease = options.lease;
    this.#dependencies = dependencies;
  }

  /** The unit whatever lease it comes under. */
  get name(): UnitName {
    return { manifestCid: this.lease.manifestCid, index: this.unit.index };
  }

  /** Where the unit will go on: at the snapshot that is here, or at the checkpoint of the lease, if that came further. Throws MH-CKP-…, and what fetching throws. */
  async findBeginning(): Promise<void> {
    const { handOvers, dispatch } = this.#dependencies;
    const stored = this.#stored();
    if (handOvers.fuelAtStart(this.lease) > (stored?.fuel ?? 0))
      await handOvers.fetch(this.lease, this.unit, this.life.signal);
    else if (!stored) return;
    if (!this.life.signal.aborted) dispatch({ on: 'snapshot-kept', unit: this.unit });
  }

  /** What the executor is to do with snapshots of the unit. */
  keeping(intervalMs: number | null): Keeping {
    const { snapshots, dispatch } = this.#dependencies;
    const { unit } = this;
    const stored = this.#stored();
    this.#base = stored?.base ?? null;
    return {
      intervalMs,
      saved: stored ? this.#saved(stored) : null,
      open: (head) => this.#open(head),
      onResumed: (fuel) => {
        snapshots.recordResumed(this.name, fuel);
        dispatch({ on: 'resumed', unit });
      },
    };
  }

  /** The unit cannot go on from its snapshot; true: it was another host's. */
  dropSnapshot(): boolean {
    const { snapshots, dispatch } = this.#dependencies;
    const isForeign = (snapshots.find(this.name)?.expected ?? null) !== null;
    snapshots.drop(this.name);
    dispatch({ on: 'snapshot-lost', unit: this.unit });
    return isForeign;
  }

  handOver(isFinal: boolean): void {
    this.#askedHandOver = { isFinal };
    this.run?.handOver(isFinal);
  }

  /** Goes on with the checkpoint that lies here encrypted. */
  resumeHandOver(): Promise<void> {
    const { handOvers } = this.#dependencies;
    return this.#hand(false, handOvers.resume(this.unit, this.lease, this.life.signal));
  }

  /** The run is over: a checkpoint that was asked of it will not come. */
  failHandOver(): void {
    const asked = this.#askedHandOver;
    this.#askedHandOver = null;
    if (asked) this.#dependencies.dispatch({ on: 'hand-over-failed', unit: this.unit, isFinal: asked.isFinal });
  }

  /** The snapshot that may be gone on from under this lease. */
  #stored(): StoredSnapshot | undefined {
    const stored = this.#dependencies.snapshots.find(this.name);
    return stored && fitsLease(stored, this.lease) ? stored : undefined;
  }

  #saved(stored: StoredSnapshot): SavedSnapshot {
    const { snapshots } = this.#dependencies;
    const { sizeBytes, isCompressed, elapsedMs, expected, fuel } = stored;
    return {
      ...{ sizeBytes, isCompressed, elapsedMs },
      expected: expected && { ...expected, fuel },
      read: () => snapshots.read(stored),
    };
  }

  async #open(head: SnapshotHead): Promise<SnapshotWriter | null> {
    const { snapshots, dispatch } = this.#dependencies;
    const { sizeBytes, isCompressed, fuel, markCount, elapsedMs } = head;
    const isHandOver = head.reason === 'hand-over' || head.reason === 'final-hand-over';
    const lineage = { build: this.lease.build, base: this.#base };
    const facts = { sizeBytes, isCompressed, fuel, markCount, elapsedMs, expected: null, ...lineage };
    const created = await snapshots.create(this.name, facts, () => !this.isSettled).catch(() => null); // a full disk costs a snapshot, not the unit
    if (!created) {
      if (isHandOver) this.failHandOver();
      return null;
    }
    return {
      ...created,
      commit: async () => {
        await created.commit();
        dispatch({ on: 'snapshot-kept', unit: this.unit });
        if (isHandOver) void this.#sendHandOver(head);
      },
    };
  }

  #sendHandOver(head: SnapshotHead): Promise<void> {
    const { handOvers } = this.#dependencies;
    const { unit, lease } = this;
    this.#askedHandOver = null;
    return this.#hand(head.reason === 'final-hand-over', handOvers.send(unit, { lease, head }, this.life.signal));
  }

  async #hand(isFinal: boolean, making: Promise<MadeHandOver>): Promise<void> {
    const { dispatch } = this.#dependencies;
    const { unit } = this;
    try {
      dispatch({ on: 'handed-over', unit, ...(await making), isFinal });
    } catch {
      dispatch({ on: 'hand-over-failed', unit, isFinal });
    }
  }
}

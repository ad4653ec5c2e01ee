// The units of batches, for the rest of the coordinator: made, ended, tried again, counted, listed, waited for, removed.
import type { UnitCounts } from '@manyhands/contract';
import { Inject, Injectable } from '@nestjs/common';
import { unitIdOf } from '../../storage/sqlite/units.js';
import { UnitRemoval } from '../../storage/sqlite/units-removal.js';
import { CoreEvents } from '../ports/core-events.js';
import { CoreStore } from '../ports/core-store.js';
import { CORE_OPTIONS, type CoreOptions } from '../ports/options.js';
import { ResultFiles } from '../results/result-files.js';
import type { EndCode } from './domain/unit-events.js';
import { UnitEndings } from './unit-endings.js';
import {
  type BatchSummary,
  type NewBatchUnits,
  type OutcomesQuery,
  type UnitOutcome,
  type UnitsQuery,
  type UnitView,
} from './unit-shapes.js';
import { UnitViews } from './unit-views.js';

const UNITS_PER_REMOVAL = 2048;

@Injectable()
export class UnitsService {
  private readonly removal: UnitRemoval;
  private readonly files: ResultFiles;

  constructor(
    private readonly store: CoreStore,
    private readonly views: UnitViews,
    private readonly endings: UnitEndings,
    private readonly events: CoreEvents,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
  ) {
    this.removal = store.database.read((db) => new UnitRemoval(db));
    this.files = new ResultFiles(options.resultsDirectory);
  }

  /** Makes the units of a batch, inside the write that makes the batch. Takes the same time for one unit and for a million: rows come with leases. */
  createBatchUnits(batch: NewBatchUnits): void {
    this.store.units.createBatch(batch);
    this.store.stories.addBatch(batch.projectRowId, batch.unitCount);
    this.store.stories.touch(batch.projectRowId, this.options.nowMs());
  }

  /** After a new policy. */
  batchChanged(batchRowId: number, { quorum }: { quorum: number }): Promise<void> {
    return this.endings.setQuorum(batchRowId, quorum);
  }

  /** Fails every unit that is not settled; hosts are told to stop. */
  cancelBatch(batchRowId: number, code: EndCode): Promise<void> {
    return this.endings.end(batchRowId, code);
  }

  /** Opens units again that failed or are held, the named ones or (null) all but those that were ended with it; returns how many. The batch must be leased again by the caller. */
  retry(batchRowId: number, indexes: readonly number[] | null): Promise<number> {
    return this.endings.retry(batchRowId, indexes);
  }

  /** Removes units, replicas, receipts, outcomes and results of a settled batch. Its credit stays in the ledger. */
  async deleteBatch(batchRowId: number): Promise<void> {
    const unitCount = this.store.units.batch(batchRowId)?.unit_count ?? 0;
    for (let index = 0; index < unitCount; index += UNITS_PER_REMOVAL) {
      const firstId = unitIdOf(batchRowId, index);
      const unused = await this.store.database.write(() =>
        this.removal.removeUnits(firstId, firstId + UNITS_PER_REMOVAL - 1),
      );
      for (const digestHex of unused) await this.files.remove(digestHex);
    }
    await this.store.database.write(() => this.removal.removeBatch(batchRowId));
  }

  counts(batchRowId: number): UnitCounts {
    return this.views.counts(batchRowId);
  }

  /** All that is kept of the work on a batch. */
  summary(batchRowId: number): BatchSummary {
    return this.views.summary(batchRowId);
  }

  /** Why the open units of the batch were ended; null: they were not. */
  endedCode(batchRowId: number): string | null {
    return this.views.summary(batchRowId).endedCode;
  }

  /** Whether every unit is accepted or failed. */
  isComplete(batchRowId: number): boolean {
    return this.views.summary(batchRowId).isComplete;
  }

  /** Calls `listener` when the last open unit of a batch is settled, after the commit. Returns the way to stop. */
  onBatchComplete(listener: (batchRowId: number) => void): () => void {
    return this.events.onCommit(({ completed }) => {
      for (const batchRowId of completed) listener(batchRowId);
    });
  }

  /** Calls `listener` when an account took units of a project for the first time, after the commit. Returns the way to stop. */
  onNewHand(listener: (hand: { projectRowId: number; accountRowId: number }) => void): () => void {
    return this.events.onCommit(({ newHands }) => {
      for (const hand of newHands) listener(hand);
    });
  }

  listUnits(batchRowId: number, query: UnitsQuery): { units: UnitView[]; next: number | null } {
    return this.views.list(batchRowId, query);
  }

  unit(batchRowId: number, index: number): UnitView | undefined {
    return this.views.unit(batchRowId, index);
  }

  /** As many as fit in a page. */
  outcomes(batchRowId: number, query: OutcomesQuery): UnitOutcome[] {
    return this.views.outcomes(batchRowId, query);
  }

  hasOutcomeAfter(batchRowId: number, after: number): boolean {
    return this.views.hasOutcomeAfter(batchRowId, after);
  }

  /** Resolves when there is an outcome after `after`, the batch is complete, the time is over, or the signal aborts. */
  waitForOutcome(batchRowId: number, after: number, waitMs: number, signal: AbortSignal): Promise<void> {
    const isReady = (): boolean => this.views.hasOutcomeAfter(batchRowId, after) || this.isComplete(batchRowId);
    if (waitMs <= 0 || signal.aborted || isReady()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        stopListening();
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        resolve();
      };
      const stopListening = this.events.onCommit(({ settled }) => {
        if (settled.has(batchRowId)) finish();
      });
      const timer = setTimeout(finish, waitMs);
      signal.addEventListener('abort', finish, { once: true });
    });
  }

  totals(): UnitCounts {
    return this.views.totals();
  }

  throughput(projectRowId: number, intervalMs: number, count: number): { startMs: number; accepted: number }[] {
    return this.views.throughput(projectRowId, intervalMs, count);
  }
}

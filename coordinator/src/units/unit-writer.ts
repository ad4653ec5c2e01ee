// The one way to change units: a transaction with its changes, then the news of it.
import { Inject, Injectable } from '@nestjs/common';
import { BATCH_DIRECTORY, type BatchDirectory, CORE_OPTIONS, type CoreOptions } from '../core-ports.js';
import { CoreEvents } from './core-events.js';
import { CoreStore } from './core-store.js';
import { SearchHints } from './domain/search-hints.js';
import { UnitChanges } from './unit-changes.js';

@Injectable()
export class UnitWriter {
  readonly hints = new SearchHints();
  private readonly rates = new Map<number, number>();

  constructor(
    private readonly store: CoreStore,
    private readonly events: CoreEvents,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
    @Inject(BATCH_DIRECTORY) private readonly directory: BatchDirectory,
  ) {
    directory.onChange(() => this.rates.clear());
    store.database.onRollback(() => this.hints.forget(null)); // what a search concluded from changes that are undone is void
  }

  /** Runs `work` in the transaction of this turn. Resolves after COMMIT, when listeners of CoreEvents have heard of it. */
  async change<T>(work: (changes: UnitChanges) => T): Promise<T> {
    const { value, aftermath } = await this.store.database.write(() => {
      const changes = new UnitChanges(this.store, {
        nowMs: this.options.nowMs(),
        rateMilli: (batchRowId) => this.rateMilli(batchRowId),
        hints: this.hints,
      });
      return { value: work(changes), aftermath: changes.finish() };
    });
    this.events.publish(aftermath);
    return value;
  }

  private rateMilli(batchRowId: number): number {
    let rate = this.rates.get(batchRowId);
    if (rate === undefined) {
      rate = this.directory.creditPerReplicaMilli(batchRowId);
      this.rates.set(batchRowId, rate);
    }
    return rate;
  }
}

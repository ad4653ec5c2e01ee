// The one way to change units: a transaction with its changes, then the news of it.
import { Inject, Injectable } from '@nestjs/common';
import { BATCH_DIRECTORY, type BatchDirectory, type BatchTerms } from '../ports/batch-directory.js';
import { CoreEvents } from '../ports/core-events.js';
import { CoreStore } from '../ports/core-store.js';
import { CORE_OPTIONS, type CoreOptions } from '../ports/options.js';
import { SearchHints } from './domain/search-hints.js';
import { UnitChanges } from './unit-changes.js';

/** Works that share their changes; more begin another group, so that none holds the event loop for long. */
const JOINED_MAXIMUM = 64;

type Work = { run(changes: UnitChanges): unknown; resolve(value: unknown): void; reject(error: unknown): void };

@Injectable()
export class UnitWriter {
  readonly hints = new SearchHints();
  readonly hintsApart = new SearchHints();
  private readonly known = new Map<number, BatchTerms | undefined>();
  /** Works of this turn that have not begun. */
  private joined: Work[] = [];

  constructor(
    private readonly store: CoreStore,
    private readonly events: CoreEvents,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
    @Inject(BATCH_DIRECTORY) private readonly directory: BatchDirectory,
  ) {
    directory.onChange(() => this.known.clear());
    store.database.onRollback(() => this.forgetHints(null)); // what a search concluded from changes that are undone is void
  }

  /** Searches for work begin anew: in one batch, or (null) all. */
  forgetHints(batchRowId: number | null): void {
    this.hints.forget(batchRowId);
    this.hintsApart.forget(batchRowId);
  }

  /** Runs `work` in the next transaction. Resolves after COMMIT, when listeners of CoreEvents have heard of it. */
  async change<T>(work: (changes: UnitChanges) => T): Promise<T> {
    const { value, aftermath } = await this.store.database.write(() => {
      const changes = this.newChanges();
      return { value: work(changes), aftermath: changes.finish() };
    });
    this.events.publish(aftermath);
    return value;
  }

  /**
   * Like `change`, but works of one transaction share their changes, so that what they have in common is written once. For works that reach units through
   * the changes only. When one of them throws, each is run again by itself.
   */
  changeTogether<T>(work: (changes: UnitChanges) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.joined.push({ run: work, resolve: resolve as (value: unknown) => void, reject });
      if (this.joined.length === 1) void this.runJoined(this.joined);
      if (this.joined.length >= JOINED_MAXIMUM) this.joined = [];
    });
  }

  private async runJoined(works: readonly Work[]): Promise<void> {
    try {
      const values = await this.change((changes) => {
        if (this.joined === works) this.joined = [];
        return works.map((work) => work.run(changes));
      });
      for (const [at, { resolve }] of works.entries()) resolve(values[at]);
    } catch (error) {
      if (this.joined === works) this.joined = []; // the transaction did not even begin
      if (works.length === 1) works[0]?.reject(error);
      else for (const { run, resolve, reject } of works) this.change(run).then(resolve, reject);
    }
  }

  private newChanges(): UnitChanges {
    return new UnitChanges(this.store, {
      nowMs: this.options.nowMs(),
      terms: (batchRowId) => this.terms(batchRowId),
      hints: this.hints,
      hintsApart: this.hintsApart,
    });
  }

  private terms(batchRowId: number): BatchTerms | undefined {
    if (!this.known.has(batchRowId)) this.known.set(batchRowId, this.directory.terms(batchRowId));
    return this.known.get(batchRowId);
  }
}

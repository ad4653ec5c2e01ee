// Ending all units of a batch, in slices, so that a million units do not hold up the event loop. A restart resumes it.
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { unitIdOf } from '../../storage/sqlite/units.js';
import { UnitQueries } from '../../storage/sqlite/units-queries.js';
import { CoreStore } from '../ports/core-store.js';
import type { EndCode } from './domain/unit-events.js';
import { addEnding, type UnitChanges } from './unit-changes.js';
import { UnitWriter } from './unit-writer.js';

const UNITS_PER_STATEMENT = 256;
const UNITS_PER_SLICE = 16 * UNITS_PER_STATEMENT;

@Injectable()
export class UnitEndings implements OnApplicationBootstrap {
  private readonly queries: UnitQueries;

  constructor(
    private readonly store: CoreStore,
    private readonly writer: UnitWriter,
  ) {
    this.queries = store.database.read((db) => new UnitQueries(db));
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const { batch_row_id, ended_code } of this.store.units.ending())
      await this.endUnits(batch_row_id, ended_code as EndCode);
  }

  /** Fails every unit of the batch that is not settled. Nothing of it is leased from the first commit on. */
  async end(batchRowId: number, code: EndCode): Promise<void> {
    await this.store.database.write(() => this.store.units.setEnded(batchRowId, code));
    await this.endUnits(batchRowId, code);
  }

  private async endUnits(batchRowId: number, code: EndCode): Promise<void> {
    for (let isDone = false; !isDone; )
      isDone = await this.writer.change((changes) => {
        const known = this.queries.unsettledIds(batchRowId, { after: -1, limit: UNITS_PER_STATEMENT });
        for (const unitId of known) changes.apply(unitId, { type: 'ended', code });
        return known.length === 0 && this.endFresh(changes, batchRowId, code);
      });
    this.writer.forgetHints(batchRowId);
  }

  private endFresh(changes: UnitChanges, batchRowId: number, code: EndCode): boolean {
    const { unit_count, fresh_index } = changes.batch(batchRowId);
    const end = Math.min(unit_count, fresh_index + UNITS_PER_SLICE);
    const detail = JSON.stringify({ code, cause: null, exitCode: null, message: null, stderrTail: null });
    for (let firstIndex = fresh_index; firstIndex < end; firstIndex += UNITS_PER_STATEMENT) {
      const count = Math.min(UNITS_PER_STATEMENT, end - firstIndex);
      this.store.units.endFresh({ batchRowId, firstIndex, count }, code);
      const run = { batchRowId, sequence: changes.takeSequences(batchRowId, count), firstIndex, count };
      this.store.ledger.failed(run, changes.context.nowMs, detail);
      const delta = changes.delta(batchRowId);
      delta.freshIndex += count;
      delta.failed += count;
      addEnding(delta, code, count);
    }
    if (end > fresh_index) changes.aftermath.settled.add(batchRowId);
    return end === unit_count;
  }

  /** Opens units again that failed or are held: the named ones of them, or (null) all but those that were ended with the batch. Returns how many. */
  async retry(batchRowId: number, indexes: readonly number[] | null): Promise<number> {
    await this.store.database.write(() => this.store.units.setEnded(batchRowId, null));
    let retried = 0;
    const apply = (unitIds: readonly number[]): Promise<number> =>
      this.writer.change((changes) => {
        const done = unitIds.filter((unitId) => changes.apply(unitId, { type: 'retried' }).status === 'done');
        return done.length;
      });
    if (indexes === null) {
      for (;;) {
        const failed = this.queries.failedIds(batchRowId, UNITS_PER_STATEMENT);
        const stopped =
          failed.length > 0 ? failed : this.queries.heldIds(batchRowId, { after: -1, limit: UNITS_PER_STATEMENT });
        if (stopped.length === 0) return retried;
        retried += await apply(stopped);
      }
    }
    for (let at = 0; at < indexes.length; at += UNITS_PER_STATEMENT)
      retried += await apply(indexes.slice(at, at + UNITS_PER_STATEMENT).map((index) => unitIdOf(batchRowId, index)));
    return retried;
  }

  /** Applies another quorum to the units that are not settled. */
  async setQuorum(batchRowId: number, quorum: number): Promise<void> {
    const current = this.store.units.batch(batchRowId);
    if (!current || current.quorum === quorum) return;
    await this.store.database.write(() => this.store.units.setQuorum(batchRowId, quorum));
    for (let after = -1; ; ) {
      const ids = this.queries.unsettledIds(batchRowId, { after, limit: UNITS_PER_STATEMENT });
      const last = ids.at(-1);
      if (last === undefined) break;
      await this.writer.change((changes) => {
        for (const unitId of ids) changes.apply(unitId, { type: 'quorum-changed', quorum });
        changes.aftermath.reopened.add(batchRowId);
      });
      after = last - unitIdOf(batchRowId, 0);
    }
    this.writer.forgetHints(batchRowId); // units want more or fewer replicas than the searches saw
  }
}

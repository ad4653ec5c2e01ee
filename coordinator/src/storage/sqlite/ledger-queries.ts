// Questions about credit: rows of the ledger that are in no sum yet, and what projects were granted in all.
import type { Statement } from 'better-sqlite3';
import type { BetterSqlite3Database } from './database.js';
import type { HourRow } from './rankings.js';

const HOUR_MS = 3_600_000;

export class LedgerQueries {
  private readonly selectLast: Statement;
  private readonly selectHours: Statement;
  private readonly selectTotal: Statement;

  constructor(db: BetterSqlite3Database) {
    this.selectLast = db.prepare('SELECT coalesce(max(id), 0) FROM ledger').pluck();
    this.selectHours = db.prepare(
      `SELECT at_ms / ${HOUR_MS} AS hour, account_row_id AS accountRowId, host_row_id AS hostRowId, sum(amount_milli) AS creditMilli,
         sum(replicas) AS replicas FROM ledger WHERE id > ? AND id <= ? GROUP BY 1, 2, 3`,
    );
    this.selectTotal = db.prepare('SELECT coalesce(sum(granted_milli), 0) FROM project_work').pluck();
  }

  lastId(): number {
    return this.selectLast.get() as number;
  }

  /** What the rows between two say together, by hour, account and host; the second is included. */
  hours(afterId: number, lastId: number): HourRow[] {
    return this.selectHours.all(afterId, lastId) as HourRow[];
  }

  totalMilli(): number {
    return this.selectTotal.get() as number;
  }
}

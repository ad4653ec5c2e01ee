// The append-only ledger of credit, the sums kept beside it, outcomes and throughput: everything that settling a unit writes down.
import type { Statement } from 'better-sqlite3';
import { amountFor, CREDIT_BASIS, type Grant } from '../../core/credits/domain/grants.js';
import type { BetterSqlite3Database } from './database.js';

const THROUGHPUT_INTERVAL_MS = 10_000;
/** Pages show the last ten minutes. */
const THROUGHPUT_KEPT_MS = 60 * 60_000;

export type SettledRun = { batchRowId: number; sequence: number; firstIndex: number; count: number };

export class LedgerRows {
  private readonly insertGrant: Statement;
  private readonly addBalance: Statement;
  private readonly selectRest: Statement;
  private readonly insertAccepted: Statement;
  private readonly insertFailed: Statement;
  private readonly addThroughput: Statement;
  private readonly forgetThroughput: Statement;

  constructor(db: BetterSqlite3Database) {
    this.insertGrant = db.prepare(
      `INSERT INTO ledger (at_ms, account_row_id, host_row_id, batch_row_id, basis, replicas, amount_milli, units, fuel)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.addBalance = db.prepare(
      `INSERT INTO balance (batch_row_id, host_row_id, account_row_id, credit_milli, replicas, rest) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET credit_milli = credit_milli + excluded.credit_milli, replicas = replicas + excluded.replicas, rest = excluded.rest`,
    );
    this.selectRest = db
      .prepare('SELECT rest FROM balance WHERE batch_row_id = ? AND host_row_id = ? AND account_row_id = ?')
      .pluck();
    this.insertAccepted = db.prepare(
      `INSERT INTO outcome (batch_row_id, sequence, unit_index, is_accepted, settled_ms)
       SELECT ?, ? + n, ? + n, 1, ? FROM counting WHERE n < ?`,
    );
    this.insertFailed = db.prepare(
      `INSERT INTO outcome (batch_row_id, sequence, unit_index, is_accepted, settled_ms, detail)
       SELECT ?, ? + n, ? + n, 0, ?, ? FROM counting WHERE n < ?`,
    );
    this.addThroughput = db.prepare(
      `INSERT INTO throughput VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET accepted = accepted + excluded.accepted`,
    );
    this.forgetThroughput = db.prepare('DELETE FROM throughput WHERE project_row_id = ? AND start_ms < ?');
  }

  /** `fuelPerCobblestone` is the batch's, sealed at its submission. Returns the milli-cobblestones that were granted. */
  grant(grant: Grant, fuelPerCobblestone: number, nowMs: number): number {
    const { batchRowId, accountRowId, hostRowId, replicas, fuel, units } = grant;
    const before = (this.selectRest.get(batchRowId, hostRowId, accountRowId) as number | undefined) ?? 0;
    const { amountMilli, rest } = amountFor(fuel, { rest: before, fuelPerCobblestone });
    this.insertGrant.run(
      nowMs,
      accountRowId,
      hostRowId,
      batchRowId,
      CREDIT_BASIS,
      replicas,
      amountMilli,
      JSON.stringify(units),
      fuel,
    );
    this.addBalance.run(batchRowId, hostRowId, accountRowId, amountMilli, replicas, rest);
    return amountMilli;
  }

  /** Outcomes of consecutive accepted units (at most 256). */
  accepted({ batchRowId, sequence, firstIndex, count }: SettledRun, nowMs: number): void {
    this.insertAccepted.run(batchRowId, sequence, firstIndex, nowMs, count);
  }

  /** Outcomes of consecutive units (at most 256) that failed for the same reason, in JSON. */
  failed({ batchRowId, sequence, firstIndex, count }: SettledRun, nowMs: number, detail: string): void {
    this.insertFailed.run(batchRowId, sequence, firstIndex, nowMs, detail, count);
  }

  throughput(projectRowId: number, nowMs: number, accepted: number): void {
    this.addThroughput.run(projectRowId, nowMs - (nowMs % THROUGHPUT_INTERVAL_MS), accepted);
    this.forgetThroughput.run(projectRowId, nowMs - THROUGHPUT_KEPT_MS);
  }
}

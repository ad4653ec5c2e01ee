// Questions about credit.
import type { Statement } from 'better-sqlite3';
import type { BetterSqlite3Database } from './database.js';

/** Sums of one host under one account. */
export type CreditRow = { account_row_id: number; host_row_id: number; credit_milli: number; replicas: number };

export class LedgerQueries {
  private readonly selectAll: Statement;
  private readonly selectSince: Statement;
  private readonly selectAccount: Statement;
  private readonly selectTotal: Statement;

  constructor(db: BetterSqlite3Database) {
    this.selectAll = db.prepare(
      `SELECT account_row_id, host_row_id, sum(credit_milli) AS credit_milli, sum(replicas) AS replicas FROM balance
       GROUP BY account_row_id, host_row_id`,
    );
    this.selectSince = db.prepare(
      `SELECT account_row_id, host_row_id, sum(amount_milli) AS credit_milli, sum(replicas) AS replicas FROM ledger WHERE at_ms >= ?
       GROUP BY account_row_id, host_row_id`,
    );
    this.selectAccount = db
      .prepare('SELECT coalesce(sum(credit_milli), 0) FROM balance WHERE account_row_id = ?')
      .pluck();
    this.selectTotal = db.prepare('SELECT coalesce(sum(credit_milli), 0) FROM balance').pluck();
  }

  /** All credit ever granted, by account and host. */
  total(): CreditRow[] {
    return this.selectAll.all() as CreditRow[];
  }

  /** Credit granted since then, by account and host. */
  since(sinceMs: number): CreditRow[] {
    return this.selectSince.all(sinceMs) as CreditRow[];
  }

  accountMilli(accountRowId: number): number {
    return this.selectAccount.get(accountRowId) as number;
  }

  totalMilli(): number {
    return this.selectTotal.get() as number;
  }
}

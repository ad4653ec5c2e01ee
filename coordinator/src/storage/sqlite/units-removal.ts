// Removing the units of a batch whose results are not kept any longer. The ledger, the sums and the batch's counters stay.
import type { Statement } from 'better-sqlite3';
import type { BetterSqlite3Database } from './database.js';
import { ResultFactsRows } from './result-facts.js';
import { ResultRows } from './results.js';

/** `bundle_id` of bundles that are files. */
const IN_FILE = 0;

export class UnitRemoval {
  private readonly selectFiles: Statement;
  private readonly selectAccepted: Statement;
  private readonly results: ResultRows;
  private readonly facts: ResultFactsRows;
  private readonly byRange: readonly Statement[];
  private readonly byBatch: readonly Statement[];

  constructor(db: BetterSqlite3Database) {
    this.selectFiles = db
      .prepare('SELECT DISTINCT lower(hex(digest)) FROM replica WHERE unit_id BETWEEN ? AND ? AND bundle_id = 0')
      .pluck();
    this.selectAccepted = db
      .prepare(
        `SELECT unit.id, lower(hex(replica.digest)) FROM unit JOIN replica ON replica.unit_id = unit.id AND replica.account_row_id = unit.canonical_account
         WHERE unit.id BETWEEN ? AND ? AND unit.phase = 2`,
      )
      .raw();
    this.results = new ResultRows(db);
    this.facts = new ResultFactsRows(db);
    this.byRange = [
      'DELETE FROM bundle WHERE id IN (SELECT bundle_id FROM replica WHERE unit_id BETWEEN ? AND ? AND bundle_id > 0)',
      'DELETE FROM replica_failure WHERE unit_id BETWEEN ? AND ?',
      'DELETE FROM replica WHERE unit_id BETWEEN ? AND ?',
      'DELETE FROM lapse WHERE unit_id BETWEEN ? AND ?',
      'DELETE FROM segment WHERE unit_id BETWEEN ? AND ?',
      'DELETE FROM chain_dispute WHERE unit_id BETWEEN ? AND ?',
      'DELETE FROM unit WHERE id BETWEEN ? AND ?',
    ].map((sql) => db.prepare(sql));
    this.byBatch = [
      'DELETE FROM receipt WHERE lease_row_id IN (SELECT id FROM lease WHERE batch_row_id = ?)',
      'DELETE FROM lease WHERE batch_row_id = ?',
      'DELETE FROM outcome WHERE batch_row_id = ?',
    ].map((sql) => db.prepare(sql));
  }

  /** Removes the rows of units between two ids; returns the digests (hex) of files that no accepted unit refers to any longer. */
  removeUnits(firstId: number, lastId: number): string[] {
    const digests = this.selectFiles.all(firstId, lastId) as string[];
    for (const [id, digest] of this.selectAccepted.all(firstId, lastId) as [number, string][])
      this.results.removeUnit(id, digest);
    const unused = digests.filter((digest) => this.results.bundleId(digest) !== IN_FILE);
    for (const digest of unused) this.facts.removeLarge(digest);
    for (const statement of this.byRange) statement.run(firstId, lastId);
    return unused;
  }

  /** Removes leases, receipts and outcomes of a batch whose units are removed. */
  removeBatch(batchRowId: number): void {
    for (const statement of this.byBatch) statement.run(batchRowId);
  }
}

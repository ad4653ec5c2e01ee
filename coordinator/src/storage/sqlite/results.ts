// From the digest of a result to the accepted unit that has it. Units that are not accepted are in no table here.
import type { Statement } from 'better-sqlite3';
import type { BetterSqlite3Database } from './database.js';
import { NumberColumns, number } from './number-columns.js';

/** Results are found by the beginning of their digest: enough to tell them apart, and exact as a number. */
const KEY_HEX_DIGITS = 12;
const keyOf = (digestHex: string): number => Number.parseInt(digestHex.slice(0, KEY_HEX_DIGITS), 16);

export class ResultRows {
  private readonly insert: Statement;
  private readonly insertTwins: Statement;
  private readonly select: Statement;
  private readonly remove: readonly Statement[];

  constructor(db: BetterSqlite3Database) {
    const key = number('n', 0, 1);
    this.insert = db.prepare(
      `INSERT OR IGNORE INTO result (digest_key, unit_id) SELECT ${key}, :first + n FROM counting WHERE n < :count`,
    );
    this.insertTwins = db.prepare(
      `INSERT OR IGNORE INTO result_twin (digest_key, unit_id) SELECT ${key}, :first + n FROM counting
       WHERE n < :count AND NOT EXISTS (SELECT 1 FROM result WHERE digest_key = ${key} AND unit_id = :first + n)`,
    );
    this.select = db.prepare(
      `SELECT replica.bundle_id FROM
         (SELECT unit_id FROM result WHERE digest_key = :key UNION ALL SELECT unit_id FROM result_twin WHERE digest_key = :key) AS found
         JOIN unit ON unit.id = found.unit_id AND unit.phase = 2
         JOIN replica ON replica.unit_id = unit.id AND replica.account_row_id = unit.canonical_account AND replica.digest = :digest
       WHERE replica.bundle_id IS NOT NULL LIMIT 1`,
    );
    this.select.pluck();
    this.remove = ['result', 'result_twin'].map((table) =>
      db.prepare(`DELETE FROM ${table} WHERE digest_key = ? AND unit_id = ?`),
    );
  }

  /** Makes consecutive accepted units (at most 256) findable by their digests, in hex. */
  add(firstId: number, digests: readonly string[]): void {
    const numbers = new NumberColumns(digests.length, 1);
    for (const digest of digests) numbers.push(keyOf(digest));
    const values = { first: firstId, count: digests.length, numbers: numbers.blob };
    if (this.insert.run(values).changes < digests.length) this.insertTwins.run(values);
  }

  /** The bundle of an accepted result: its row, or 0 for a file. Undefined when no unit was accepted with the digest. */
  bundleId(digestHex: string): number | undefined {
    return this.select.get({ key: keyOf(digestHex), digest: Buffer.from(digestHex, 'hex') }) as number | undefined;
  }

  removeUnit(unitId: number, digestHex: string): void {
    for (const statement of this.remove) statement.run(keyOf(digestHex), unitId);
  }
}

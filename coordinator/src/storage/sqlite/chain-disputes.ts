// Units whose hosts agreed on the result while their chains of state hashes, of the same build, differ: one of them did not compute what it says.
import type { Statement } from 'better-sqlite3';
import type { BetterSqlite3Database } from './database.js';

const DIFFER = 'count(*) > 1 AND (min(chain_root) <> max(chain_root) OR min(mark_count) <> max(mark_count))';

export class ChainDisputeRows {
  private readonly selectSuspects: Statement;
  private readonly insert: Statement;
  private readonly selectCount: Statement;

  constructor(db: BetterSqlite3Database) {
    this.selectSuspects = db
      .prepare(
        `SELECT unit_id FROM replica WHERE unit_id BETWEEN ? AND ? AND state = 1 GROUP BY unit_id HAVING ${DIFFER}`,
      )
      .pluck();
    this.insert = db.prepare(
      `INSERT OR IGNORE INTO chain_dispute (unit_id, build, noted_ms) SELECT unit.id, lease.build, ?
       FROM unit JOIN replica AS accepted ON accepted.unit_id = unit.id AND accepted.account_row_id = unit.canonical_account
         JOIN replica ON replica.unit_id = unit.id AND replica.state = 1 AND replica.digest = accepted.digest AND replica.fuel = accepted.fuel
         JOIN lease ON lease.id = replica.lease_row_id
       WHERE unit.id = ? GROUP BY lease.build HAVING ${DIFFER.replaceAll('chain_root', 'replica.chain_root').replaceAll('mark_count', 'replica.mark_count')} LIMIT 1`,
    );
    this.selectCount = db.prepare('SELECT count(*) FROM chain_dispute').pluck();
  }

  /** Notes the accepted units between two ids, both included, whose agreeing hosts differ in the chain; returns their ids. */
  note(firstId: number, lastId: number, nowMs: number): number[] {
    const suspects = this.selectSuspects.all(firstId, lastId) as number[];
    return suspects.filter((unitId) => this.insert.run(nowMs, unitId).changes > 0);
  }

  count(): number {
    return this.selectCount.get() as number;
  }
}

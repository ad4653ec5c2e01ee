// Rows of units that ran out on a host: evidence against a unit, and what the host may go on with.
import type { Statement } from 'better-sqlite3';
import type { Lapse } from '../../core/leases/domain/lapses.js';
import type { Party } from '../../core/units/domain/unit-state.js';
import type { BetterSqlite3Database } from './database.js';
import { given } from './prepare.js';
import { mayBeginSql, UNIT_FLAGS } from './units.js';

type NewLapse = { unitId: number; account: number; host: number; lease: number };

/** How often a unit runs out on a host before the host gets others first: it goes on with what it lost, but not for ever. */
const LAPSES_BEFORE_OTHERS = 2;
const OFTEN_MAXIMUM = 256;

export class LapseRows {
  private readonly upsert: Statement;
  private readonly selectOfUnit: Statement;
  private readonly selectLost: Statement;
  private readonly selectOften: Statement;
  private readonly deleteOfUnit: Statement;
  private readonly deleteSettled: Statement;

  constructor(db: BetterSqlite3Database) {
    this.upsert = db.prepare(
      `INSERT INTO lapse (unit_id, account_row_id, host_row_id, lease_row_id, network, times)
       SELECT ?, ?, id, ?, network, 1 FROM host WHERE id = ?
       ON CONFLICT DO UPDATE SET host_row_id = excluded.host_row_id, lease_row_id = excluded.lease_row_id, network = excluded.network, times = times + 1`,
    );
    this.selectOfUnit = db.prepare(
      `SELECT lapse.account_row_id AS account, lapse.network, host.delivered_lease >= lapse.lease_row_id AS isDelivering
       FROM lapse JOIN host ON host.id = lapse.host_row_id WHERE unit_id = ?`,
    );
    this.selectLost = db
      .prepare(
        `SELECT unit_id FROM lapse JOIN unit ON unit.id = unit_id
         WHERE host_row_id = :host AND account_row_id = :account AND times < ${LAPSES_BEFORE_OTHERS} AND wanted > 0 AND flags < ${UNIT_FLAGS.needsAll}
           AND ${mayBeginSql('lapse.unit_id')}
         ORDER BY lapse.lease_row_id DESC, unit_id LIMIT ${given(':limit')}`,
      )
      .pluck();
    this.selectOften = db
      .prepare(
        `SELECT unit_id FROM lapse JOIN unit ON unit.id = unit_id
         WHERE host_row_id = ? AND times >= ${LAPSES_BEFORE_OTHERS} AND wanted > 0 LIMIT ${OFTEN_MAXIMUM}`,
      )
      .pluck();
    this.deleteOfUnit = db.prepare('DELETE FROM lapse WHERE unit_id = ?');
    this.deleteSettled = db.prepare(
      'DELETE FROM lapse WHERE host_row_id = ? AND NOT EXISTS (SELECT 1 FROM unit WHERE unit.id = unit_id AND phase NOT IN (2, 3))',
    );
  }

  /** Notes that the unit ran out, in the network that the host was last seen in. */
  add({ unitId, account, host, lease }: NewLapse): void {
    this.upsert.run(unitId, account, lease, host);
  }

  /** Of each account that the unit ran out on. */
  ofUnit(unitId: number): Lapse[] {
    const rows = this.selectOfUnit.all(unitId) as (Omit<Lapse, 'isDelivering'> & { isDelivering: 0 | 1 })[];
    return rows.map((row) => ({ ...row, isDelivering: row.isDelivering === 1 }));
  }

  /** Units that ran out on the host, are still wanted and may be leased to it again: those of its last leases first. Its network counts for every unit. */
  lost(party: Party, limit: number): number[] {
    return this.selectLost.all({ ...party, limit }) as number[];
  }

  /** Units that ran out on the host again and again, and are wanted still. */
  often(hostRowId: number): number[] {
    return this.selectOften.all(hostRowId) as number[];
  }

  /** The unit is tried afresh. */
  forgetUnit(unitId: number): void {
    this.deleteOfUnit.run(unitId);
  }

  /** The host is well again: nothing is kept but what may still speak against units that are open. */
  forgetSettled(hostRowId: number): void {
    this.deleteSettled.run(hostRowId);
  }
}

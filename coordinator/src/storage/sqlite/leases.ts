// Rows of leases, and the heartbeat that tells how long the coordinator was away.
import type { Build, LeaseId } from '@manyhands/contract';
import type { Statement } from 'better-sqlite3';
import type { UnitRange } from '../../core/domain/ranges.js';
import type { BetterSqlite3Database } from './database.js';
import { given } from './prepare.js';

export type LeaseRow = {
  readonly id: number;
  readonly leaseId: LeaseId;
  readonly hostRowId: number;
  readonly accountRowId: number;
  /** That the host came from when it was granted; 0: one in which computers are independent of each other. */
  readonly network: number;
  readonly batchRowId: number;
  readonly grantedMs: number;
  readonly durationMs: number;
  readonly deadlineMs: number;
  /** How long the coordinator was away meanwhile. */
  readonly awayMs: number;
  /** What its host said last of how far it came: bytes and fuel together. */
  readonly progress: number;
  readonly openUnits: number;
  readonly ranges: readonly UnitRange[];
  readonly build: Build;
  /** As the last receipt names it. */
  readonly engine: string | null;
};

type Stored = Omit<LeaseRow, 'ranges'> & { ranges: string };
export type NewLease = Omit<LeaseRow, 'id' | 'openUnits' | 'deadlineMs' | 'awayMs' | 'progress' | 'engine'> & {
  /** Its units are offered to others too from then on. */
  readonly overdueAtMs: number;
};

export type LeaseScope = { readonly batchRowId: number } | { readonly projectRowId: number } | null;

const COLUMNS = `id, lease_id AS leaseId, host_row_id AS hostRowId, account_row_id AS accountRowId, network, batch_row_id AS batchRowId,
  granted_ms AS grantedMs, duration_ms AS durationMs, deadline_ms AS deadlineMs, away_ms AS awayMs, progress, open_units AS openUnits, ranges, build, engine`;

export class LeaseRows {
  private readonly insert: Statement;
  private readonly selectByName: Statement;
  private readonly selectOpenOfHost: Statement;
  private readonly selectBatchesOfHost: Statement;
  private readonly selectLoad: Statement;
  private readonly selectUnitsSince: Statement;
  private readonly selectByHost: Readonly<Record<'batch' | 'project' | 'all', Statement>>;
  private readonly selectOverdue: Statement;
  private readonly selectById: Statement;
  private readonly selectShown: Statement;
  private readonly selectOfHost: Statement;
  private readonly updateOpenUnits: Statement;
  private readonly selectOverlong: Statement;
  private readonly updateOverlong: Statement;
  private readonly updateDeadline: Statement;
  private readonly extendAll: Statement;
  private readonly selectHeartbeat: Statement;
  private readonly upsertHeartbeat: Statement;

  constructor(db: BetterSqlite3Database) {
    this.insert = db.prepare(
      `INSERT INTO lease (lease_id, host_row_id, account_row_id, network, batch_row_id, granted_ms, deadline_ms, duration_ms, overdue_ms, open_units, ranges, build)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.selectByName = db.prepare(`SELECT ${COLUMNS} FROM lease WHERE lease_id = ?`);
    this.selectById = db.prepare(`SELECT ${COLUMNS} FROM lease WHERE id = ?`);
    this.selectShown = db.prepare('SELECT build, engine FROM lease WHERE id = ?');
    this.selectOpenOfHost = db.prepare(`SELECT ${COLUMNS} FROM lease WHERE host_row_id = ? AND open_units > 0`);
    this.selectOfHost = db.prepare(`SELECT ${COLUMNS} FROM lease WHERE host_row_id = ?`);
    this.selectBatchesOfHost = db
      .prepare('SELECT DISTINCT batch_row_id FROM lease WHERE host_row_id = ? AND open_units > 0')
      .pluck();
    this.selectLoad = db.prepare(
      'SELECT count(*) AS leases, coalesce(sum(open_units), 0) AS units FROM lease WHERE host_row_id = ? AND open_units > 0',
    );
    this.selectUnitsSince = db
      .prepare(
        'SELECT coalesce(sum(open_units), 0) FROM lease WHERE host_row_id = ? AND open_units > 0 AND granted_ms >= ?',
      )
      .pluck();
    const byHost = (condition: string): Statement =>
      db.prepare(
        `SELECT host_row_id AS hostRowId, sum(open_units) AS units FROM lease JOIN batch_work USING (batch_row_id)
         WHERE open_units > 0 ${condition} GROUP BY 1`,
      );
    this.selectByHost = {
      batch: byHost('AND lease.batch_row_id = ?'),
      project: byHost('AND project_row_id = ?'),
      all: byHost(''),
    };
    this.selectOverdue = db.prepare(
      `SELECT ${COLUMNS} FROM lease WHERE open_units > 0 AND deadline_ms <= ? ORDER BY deadline_ms LIMIT ${given('?')}`,
    );
    this.updateOpenUnits = db
      .prepare(
        'UPDATE lease SET open_units = open_units - ?, engine = coalesce(?, engine) WHERE id = ? RETURNING open_units',
      )
      .pluck();
    this.selectOverlong = db.prepare(
      `SELECT ${COLUMNS} FROM lease WHERE open_units > 0 AND overdue_ms <= ? LIMIT ${given('?')}`,
    );
    this.updateOverlong = db.prepare('UPDATE lease SET overdue_ms = NULL WHERE id = ?');
    this.updateDeadline = db.prepare('UPDATE lease SET deadline_ms = ?, progress = ? WHERE id = ?');
    this.extendAll = db.prepare(
      'UPDATE lease SET deadline_ms = deadline_ms + :ms, overdue_ms = overdue_ms + :ms, away_ms = away_ms + :ms WHERE open_units > 0',
    );
    this.selectHeartbeat = db.prepare('SELECT at_ms FROM heartbeat').pluck();
    this.upsertHeartbeat = db.prepare('INSERT OR REPLACE INTO heartbeat (id, at_ms) VALUES (1, ?)');
  }

  /** Returns the row id. */
  add(lease: NewLease, unitCount: number): number {
    const { leaseId, hostRowId, accountRowId, network, batchRowId, grantedMs, durationMs, ranges, build } = lease;
    const deadlineMs = grantedMs + durationMs;
    const text = JSON.stringify(ranges);
    const { lastInsertRowid } = this.insert.run(
      leaseId,
      hostRowId,
      accountRowId,
      network,
      batchRowId,
      grantedMs,
      deadlineMs,
      durationMs,
      lease.overdueAtMs,
      unitCount,
      text,
      build,
    );
    return Number(lastInsertRowid);
  }

  byLeaseId(leaseId: string): LeaseRow | undefined {
    return read(this.selectByName.get(leaseId) as Stored | undefined);
  }

  byRowId(id: number): LeaseRow | undefined {
    return read(this.selectById.get(id) as Stored | undefined);
  }

  /** What is said of the work of a lease. */
  shown(id: number): Pick<LeaseRow, 'build' | 'engine'> | undefined {
    return this.selectShown.get(id) as Pick<LeaseRow, 'build' | 'engine'> | undefined;
  }

  openOfHost(hostRowId: number): LeaseRow[] {
    return (this.selectOpenOfHost.all(hostRowId) as Stored[]).map(parse);
  }

  /** Batches of which the host holds a lease that is open. */
  openBatchesOfHost(hostRowId: number): number[] {
    return this.selectBatchesOfHost.all(hostRowId) as number[];
  }

  /** Every lease of the host, ended ones too. Reads the whole table. */
  allOfHost(hostRowId: number): LeaseRow[] {
    return (this.selectOfHost.all(hostRowId) as Stored[]).map(parse);
  }

  /** Open leases and units of the host. */
  loadOfHost(hostRowId: number): { leases: number; units: number } {
    return this.selectLoad.get(hostRowId) as { leases: number; units: number };
  }

  /** Open units of leases that the host was granted since then. */
  unitsSince(hostRowId: number, sinceMs: number): number {
    return this.selectUnitsSince.get(hostRowId, sinceMs) as number;
  }

  /** Open units of each host that has any, of one batch, of one project or of all. */
  openUnitsByHost(scope: LeaseScope): { hostRowId: number; units: number }[] {
    const { batch, project, all } = this.selectByHost;
    const rows =
      scope === null
        ? all.all()
        : 'batchRowId' in scope
          ? batch.all(scope.batchRowId)
          : project.all(scope.projectRowId);
    return rows as { hostRowId: number; units: number }[];
  }

  overdue(nowMs: number, limit: number): LeaseRow[] {
    return (this.selectOverdue.all(nowMs, limit) as Stored[]).map(parse);
  }

  /** Counts down the running units of a lease; returns how many are left. `engine`: null leaves it. Undefined when the lease was removed. */
  closeUnits(id: number, { count, engine }: { count: number; engine: string | null }): number | undefined {
    return this.updateOpenUnits.get(count, engine, id) as number | undefined;
  }

  /** Open leases whose units are held for so long that others may have them too. Reads all open ones. */
  overlong(nowMs: number, limit: number): LeaseRow[] {
    return (this.selectOverlong.all(nowMs, limit) as Stored[]).map(parse);
  }

  /** It is known to be overlong. */
  noteOverlong(id: number): void {
    this.updateOverlong.run(id);
  }

  renew(id: number, { deadlineMs, progress }: Pick<LeaseRow, 'deadlineMs' | 'progress'>): void {
    this.updateDeadline.run(deadlineMs, progress, id);
  }

  extendOpen(byMs: number): void {
    this.extendAll.run({ ms: byMs });
  }

  /** When the coordinator was last seen alive; undefined at its first start. */
  heartbeatMs(): number | undefined {
    return this.selectHeartbeat.get() as number | undefined;
  }

  setHeartbeat(nowMs: number): void {
    this.upsertHeartbeat.run(nowMs);
  }
}

function read(row: Stored | undefined): LeaseRow | undefined {
  return row && parse(row);
}

function parse(row: Stored): LeaseRow {
  return { ...row, ranges: JSON.parse(row.ranges) as UnitRange[] };
}

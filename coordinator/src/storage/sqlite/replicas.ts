// Rows of replicas, what failed ones said, receipts, small bundles, and the way from a digest to an accepted result.
import type { Statement } from 'better-sqlite3';
import type { BetterSqlite3Database } from './database.js';

/** Order of the replica phases as numbers in the database; the first three and the last bar their party from the unit, the fourth after some failures. */
export const REPLICA_PHASES = [
  'running',
  'succeeded',
  'unit-failed',
  'host-failed',
  'expired',
  'returned',
  'handed-over',
] as const;

/** unit_id, account, host, lease, state, digest, bundle_bytes, bundle_id, elapsed_ms, failures, fuel, network, is_overdue. */
export type ReplicaTuple = [
  unitId: number,
  account: number,
  host: number,
  lease: number,
  state: number,
  /** Hex, which SQLite hands over faster than bytes. */
  digest: string | null,
  bundleBytes: number | null,
  bundleId: number | null,
  elapsedMs: number | null,
  failures: number,
  fuel: number | null,
  network: number,
  isOverdue: number,
];

/** What a row holds beside the tuple. */
export type ReplicaExtras = {
  readonly lineage: number | null;
  readonly checkpointFuel: number | null;
  /** Set when this transaction learned it; otherwise what the row has stays. */
  readonly chain: ChainEnd | undefined;
};
/** Length and root (null for a host failure) of a chain of state hashes. */
export type ChainEnd = { readonly markCount: number; readonly chainRoot: Uint8Array | null };

export type NewReplicas = {
  firstId: number;
  count: number;
  account: number;
  host: number;
  network: number;
  lease: number;
};
export type FailureRow = { code: string; exit_code: number | null; message: string; stderr_tail: string };
/** A failure with the text bounds of the contract. */
export type Failure = { code: string; exitCode: number | null; message: string; stderrTail: string };

export class ReplicaRows {
  private readonly selectSpan: Statement;
  private readonly insertRun: Statement;
  private readonly upsert: Statement;
  private readonly update: Statement;
  private readonly selectLineages: Statement;
  private readonly selectChain: Statement;
  private readonly deleteUnit: Statement;
  private readonly deleteUnitFailures: Statement;
  private readonly selectRunning: Statement;
  private readonly selectFailure: Statement;
  private readonly upsertFailure: Statement;
  private readonly insertReceipt: Statement;
  private readonly deleteBundle: Statement;
  private readonly selectBundle: Statement;

  constructor(db: BetterSqlite3Database) {
    this.selectSpan = db
      .prepare(
        `SELECT unit_id, account_row_id, host_row_id, lease_row_id, state, CASE WHEN digest IS NULL THEN NULL ELSE lower(hex(digest)) END, bundle_bytes, bundle_id, elapsed_ms, failures, fuel,
           network, is_overdue FROM replica WHERE unit_id BETWEEN ? AND ?`,
      )
      .raw();
    this.insertRun = db.prepare(
      `INSERT INTO replica (unit_id, account_row_id, host_row_id, network, lease_row_id, state)
       SELECT ? + n, ?, ?, ?, ?, 0 FROM counting WHERE n < ?
       ON CONFLICT DO UPDATE SET host_row_id = excluded.host_row_id, network = excluded.network, lease_row_id = excluded.lease_row_id, state = 0,
         is_overdue = 0, digest = NULL, bundle_bytes = NULL, bundle_id = NULL, elapsed_ms = NULL, fuel = NULL, mark_count = NULL, chain_root = NULL`,
    );
    this.upsert = db.prepare(
      `INSERT OR REPLACE INTO replica (unit_id, account_row_id, host_row_id, lease_row_id, state, digest, bundle_bytes, bundle_id, elapsed_ms, failures,
         fuel, network, is_overdue, lineage, checkpoint_fuel, mark_count, chain_root) VALUES (?, ?, ?, ?, ?, unhex(?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.update = db.prepare(
      `UPDATE replica SET host_row_id = ?, lease_row_id = ?, state = ?, digest = unhex(?), bundle_bytes = ?, bundle_id = ?, elapsed_ms = ?, failures = ?,
         fuel = ?, network = ?, is_overdue = ?, lineage = ?, checkpoint_fuel = ?, mark_count = coalesce(?, mark_count), chain_root = coalesce(?, chain_root)
       WHERE unit_id = ? AND account_row_id = ?`,
    );
    this.selectLineages = db
      .prepare('SELECT account_row_id, lineage, checkpoint_fuel FROM replica WHERE unit_id = ? AND lineage IS NOT NULL')
      .raw();
    this.selectChain = db.prepare(
      `SELECT mark_count AS markCount, CASE WHEN chain_root IS NULL THEN NULL ELSE lower(hex(chain_root)) END AS chainRoot
       FROM replica WHERE unit_id = ? AND account_row_id = ?`,
    );
    this.deleteUnit = db.prepare('DELETE FROM replica WHERE unit_id = ?');
    this.deleteUnitFailures = db.prepare('DELETE FROM replica_failure WHERE unit_id = ?');
    this.selectRunning = db
      .prepare(
        `SELECT unit_id FROM replica WHERE unit_id BETWEEN ? AND ? AND account_row_id = ? AND lease_row_id = ? AND state = 0`,
      )
      .pluck();
    this.selectFailure = db.prepare(
      'SELECT code, exit_code, message, stderr_tail FROM replica_failure WHERE unit_id = ? AND account_row_id = ?',
    );
    this.upsertFailure = db.prepare('INSERT OR REPLACE INTO replica_failure VALUES (?, ?, ?, ?, ?, ?)');
    this.insertReceipt = db.prepare('INSERT INTO receipt (lease_row_id, received_ms, envelope) VALUES (?, ?, ?)');
    this.deleteBundle = db.prepare('DELETE FROM bundle WHERE id = ?');
    this.selectBundle = db.prepare('SELECT bytes FROM bundle WHERE id = ?').pluck();
  }

  /** Replicas of the units whose ids lie between the two, both included, by unit. */
  span(firstId: number, lastId: number): ReplicaTuple[] {
    return this.selectSpan.all(firstId, lastId) as ReplicaTuple[];
  }

  /** Running replicas of consecutive units (at most 256); what the account had of them before is replaced, its failures remembered. */
  lease({ firstId, count, account, host, network, lease }: NewReplicas): void {
    this.insertRun.run(firstId, account, host, network, lease, count);
  }

  put(replica: Readonly<ReplicaTuple>, extras: ReplicaExtras): void {
    this.upsert.run(...replica, ...extraColumns(extras));
  }

  /** Changes a replica that has a row. */
  change([unitId, account, ...columns]: Readonly<ReplicaTuple>, extras: ReplicaExtras): void {
    this.update.run(...columns, ...extraColumns(extras), unitId, account);
  }

  /** Replicas of the unit that belong to a lineage: account, lineage, fuel of the checkpoint. */
  lineages(unitId: number): [account: number, lineage: number, checkpointFuel: number | null][] {
    return this.selectLineages.all(unitId) as [number, number, number | null][];
  }

  chain(unitId: number, account: number): { markCount: number | null; chainRoot: string | null } | undefined {
    return this.selectChain.get(unitId, account) as { markCount: number | null; chainRoot: string | null } | undefined;
  }

  deleteOfUnit(unitId: number): void {
    this.deleteUnit.run(unitId);
    this.deleteUnitFailures.run(unitId);
  }

  /** Units of the range that run under the lease. */
  running(firstId: number, lastId: number, { account, lease }: { account: number; lease: number }): number[] {
    return this.selectRunning.all(firstId, lastId, account, lease) as number[];
  }

  failure(unitId: number, account: number): FailureRow | undefined {
    return this.selectFailure.get(unitId, account) as FailureRow | undefined;
  }

  putFailure(unitId: number, account: number, { code, exitCode, message, stderrTail }: Failure): void {
    this.upsertFailure.run(unitId, account, code, exitCode, message, stderrTail);
  }

  addReceipt(leaseRowId: number, receivedMs: number, envelope: Uint8Array): void {
    this.insertReceipt.run(leaseRowId, receivedMs, envelope);
  }

  removeBundle(bundleId: number): void {
    this.deleteBundle.run(bundleId);
  }

  bundle(bundleId: number): Uint8Array | undefined {
    return this.selectBundle.get(bundleId) as Uint8Array | undefined;
  }
}

function extraColumns({ lineage, checkpointFuel, chain }: ReplicaExtras): (number | Uint8Array | null)[] {
  return [lineage, checkpointFuel, chain?.markCount ?? null, chain?.chainRoot ?? null];
}

// Questions about units that pages and scientists ask: never on the path of a message.
import type { Statement } from 'better-sqlite3';
import { SHOWN_STDOUT_MAXIMUM_BYTES } from '../../core/results/domain/result-facts.js';
import type { BetterSqlite3Database } from './database.js';
import { unitIdOf } from './units.js';

export type OutcomeRow = {
  sequence: number;
  unit_index: number;
  is_accepted: 0 | 1;
  settled_ms: number;
  detail: string | null;
  /** Of the accepted result; null when the unit has failed, or was opened again since. */
  digest: Buffer | null;
  bundle_bytes: number | null;
  fuel: number | null;
  /** Null until it is noted (facts-of-earlier-results.ts). */
  exit_code: number | null;
  /** Null when it is long, too. */
  stdout: Uint8Array | null;
};
/** `bundle_id` of bundles that are files. */
const BUNDLE_IN_FILE = 0;
export type TotalsRow = Record<
  'total' | 'held' | 'running' | 'checking' | 'accepted' | 'failed' | 'cancelled' | 'expired' | 'stopped',
  number
>;

/** Conditions on `unit` for what people call its state, units without rows aside. */
const BUCKETS = {
  /** Those held are among those that wait, and have an index of their own. */
  waiting:
    'phase = 4 OR phase = 0 AND open_replicas = 0 AND NOT EXISTS (SELECT 1 FROM replica WHERE unit_id = unit.id AND state IN (1, 2))',
  running: 'phase = 0 AND open_replicas > 0',
  checking: `(phase = 1 OR phase = 0 AND open_replicas = 0 AND EXISTS (SELECT 1 FROM replica WHERE unit_id = unit.id AND state IN (1, 2)))`,
  accepted: 'phase = 2',
  failed: 'phase = 3',
  any: 'TRUE',
} as const;
/** So many units are looked at for one page, however few of them are in the state that is asked for. */
const UNITS_LOOKED_AT_MAXIMUM = 4096;
export type BucketName = keyof typeof BUCKETS;
/** `nextId`: the last that was looked at, when there may be more after it. */
export type UnitPage = { readonly ids: number[]; readonly nextId: number | null };

export class UnitQueries {
  private readonly selectOutcomes: Statement;
  private readonly selectHasOutcome: Statement;
  private readonly selectTotals: Statement;
  private readonly selectThroughput: Statement;
  private readonly selectFailedIds: Statement;
  private readonly selectHeldIds: Statement;
  private readonly selectUnsettledIds: Statement;
  private readonly selectBuckets: Map<BucketName, Statement>;

  constructor(db: BetterSqlite3Database) {
    this.selectOutcomes = db.prepare(
      `SELECT outcome.sequence, outcome.unit_index, outcome.is_accepted, outcome.settled_ms, outcome.detail, replica.digest, replica.bundle_bytes, replica.fuel,
         coalesce(bundle.exit_code, large_result.exit_code) AS exit_code,
         CASE WHEN bundle.stdout_bytes <= ${SHOWN_STDOUT_MAXIMUM_BYTES} THEN substr(bundle.bytes, bundle.stdout_at + 1, bundle.stdout_bytes)
           ELSE large_result.stdout END AS stdout
       FROM outcome LEFT JOIN unit ON unit.id = outcome.unit_index + ? AND outcome.is_accepted AND unit.phase = 2
         LEFT JOIN replica ON replica.unit_id = unit.id AND replica.account_row_id = unit.canonical_account
         LEFT JOIN bundle ON bundle.id = replica.bundle_id
         LEFT JOIN large_result ON replica.bundle_id = ${BUNDLE_IN_FILE} AND large_result.digest = replica.digest
       WHERE outcome.batch_row_id = ? AND outcome.sequence > ? ORDER BY outcome.sequence LIMIT ?`,
    );
    this.selectHasOutcome = db
      .prepare('SELECT EXISTS (SELECT 1 FROM outcome WHERE batch_row_id = ? AND sequence > ?)')
      .pluck();
    this.selectTotals = db.prepare(
      `SELECT coalesce(sum(total), 0) AS total, coalesce(sum(held), 0) AS held, coalesce(sum(running), 0) AS running, coalesce(sum(checking), 0) AS checking,
         coalesce(sum(accepted), 0) AS accepted, coalesce(sum(failed), 0) AS failed, coalesce(sum(cancelled), 0) AS cancelled,
         coalesce(sum(expired), 0) AS expired, coalesce(sum(stopped), 0) AS stopped FROM project_work`,
    );
    this.selectThroughput = db.prepare(
      'SELECT start_ms, accepted FROM throughput WHERE project_row_id = ? AND start_ms >= ? ORDER BY start_ms',
    );
    // The condition of the index `unit_failed`.
    this.selectFailedIds = db
      .prepare(
        `SELECT id FROM unit WHERE phase = 3 AND code NOT IN ('MH-VAL-004', 'MH-VAL-005', 'MH-VAL-006') AND id >= ? AND id < ? LIMIT ?`,
      )
      .pluck();
    this.selectHeldIds = db
      .prepare('SELECT id FROM unit WHERE phase = 4 AND id > ? AND id < ? ORDER BY id LIMIT ?')
      .pluck();
    this.selectUnsettledIds = db
      .prepare('SELECT id FROM unit WHERE phase NOT IN (2, 3) AND id > ? AND id < ? LIMIT ?')
      .pluck();
    const buckets = Object.entries(BUCKETS).map(([name, condition]) => {
      const sql = `SELECT id, (${condition}) AS fits FROM unit WHERE id > ? AND id < ? ORDER BY id LIMIT ${UNITS_LOOKED_AT_MAXIMUM}`;
      return [name as BucketName, db.prepare(sql)] as const;
    });
    this.selectBuckets = new Map(buckets);
  }

  /** In their order, read one by one as they are asked for. */
  outcomes(batchRowId: number, { after, limit }: { after: number; limit: number }): IterableIterator<OutcomeRow> {
    const values = [unitIdOf(batchRowId, 0), batchRowId, after, limit];
    return this.selectOutcomes.iterate(...values) as IterableIterator<OutcomeRow>;
  }

  hasOutcomeAfter(batchRowId: number, after: number): boolean {
    return this.selectHasOutcome.get(batchRowId, after) === 1;
  }

  totals(): TotalsRow {
    return this.selectTotals.get() as TotalsRow;
  }

  /** Accepted units of the project in intervals of 10 s that have any. */
  throughput(projectRowId: number, sinceMs: number): { start_ms: number; accepted: number }[] {
    return this.selectThroughput.all(projectRowId, sinceMs) as { start_ms: number; accepted: number }[];
  }

  /** Ids of units of the batch that failed: those that were ended with it did not. */
  failedIds(batchRowId: number, limit: number): number[] {
    return this.selectFailedIds.all(unitIdOf(batchRowId, 0), unitIdOf(batchRowId + 1, 0), limit) as number[];
  }

  /** Ids of units of the batch that are held, after an index. */
  heldIds(batchRowId: number, { after, limit }: { after: number; limit: number }): number[] {
    return this.selectHeldIds.all(unitIdOf(batchRowId, 0) + after, unitIdOf(batchRowId + 1, 0), limit) as number[];
  }

  /** Ids of units with rows that are neither accepted nor failed, after an index. */
  unsettledIds(batchRowId: number, { after, limit }: { after: number; limit: number }): number[] {
    return this.selectUnsettledIds.all(unitIdOf(batchRowId, 0) + after, unitIdOf(batchRowId + 1, 0), limit) as number[];
  }

  /** Ids of units with rows in a state, after an index. A page may be short of its limit, or empty, and have more after it. */
  inBucket(batchRowId: number, bucket: BucketName, { after, limit }: { after: number; limit: number }): UnitPage {
    const ids: number[] = [];
    let lookedAt = 0;
    let lastId = unitIdOf(batchRowId, 0) + after;
    const rows = this.selectBuckets.get(bucket)?.iterate(lastId, unitIdOf(batchRowId + 1, 0)) ?? [];
    for (const { id, fits } of rows as Iterable<{ id: number; fits: 0 | 1 }>) {
      lookedAt += 1;
      lastId = id;
      if (fits === 1) ids.push(id);
      if (ids.length === limit) return { ids, nextId: lastId };
    }
    return { ids, nextId: lookedAt === UNITS_LOOKED_AT_MAXIMUM ? lastId : null };
  }
}

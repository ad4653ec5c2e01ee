// Rows of units and of the batches that they belong to.
import type { Ending } from '@manyhands/contract/words';
import type { Statement } from 'better-sqlite3';
import { FAILURES_PER_PARTY_MAXIMUM, type Party } from '../../core/units/domain/unit-state.js';
import type { BetterSqlite3Database } from './database.js';
import { given } from './prepare.js';

/** Unit ids are computed, so that a range of units is a range of ids: batch_row_id * 2^20 + index. */
const UNITS_PER_BATCH_ID = 2 ** 20;
export const unitIdOf = (batchRowId: number, index: number): number => batchRowId * UNITS_PER_BATCH_ID + index;
export const batchOfUnit = (unitId: number): number => Math.floor(unitId / UNITS_PER_BATCH_ID);
export const indexOfUnit = (unitId: number): number => unitId % UNITS_PER_BATCH_ID;

/** Order of the phases as numbers in the database. */
export const PHASES = ['open', 'agreed', 'accepted', 'failed', 'held'] as const;

/** The columns of a unit beside its id: phase, wanted, open_replicas, attempts, host_failures, canonical_account, code, flags. */
export type UnitColumns = readonly [number, number, number, number, number, number | null, string | null, number];
/** Sums of these are `flags`. From `needsAll` on a unit is leased apart from the others. */
export const UNIT_FLAGS = { hasLineages: 1, needsAll: 2, isLineageWaiting: 4 } as const;
export type UnitTuple = [id: number, ...columns: UnitColumns];

export type BatchWorkRow = {
  batch_row_id: number;
  project_row_id: number;
  unit_count: number;
  quorum: number;
  fresh_index: number;
  next_sequence: number;
  held: number;
  running: number;
  checking: number;
  accepted: number;
  /** All without a result, the three kinds that follow included. */
  failed: number;
  cancelled: number;
  expired: number;
  stopped: number;
  replicas_leased: number;
  replicas_reported: number;
  replicas_agreed: number;
  /** Credit, in milli-cobblestones. */
  granted_milli: number;
  ended_code: string | null;
  /** Of the earlier quorums that units were accepted under; null: none were. */
  lowest_quorum: number | null;
  /** JSON of what some of its accepted units needed (units/domain/pace.ts). */
  pace: string;
};

/** Changes of how many units are in which state. */
export type UnitDelta = {
  held: number;
  running: number;
  checking: number;
  accepted: number;
  failed: number;
  ended: Record<Exclude<Ending, 'failed'>, number>;
  /** Granted for them. */
  creditMilli: number;
};
/** Changes of a batch's counters in one transaction. */
export type BatchDelta = UnitDelta & {
  freshIndex: number;
  sequences: number;
  leased: number;
  reported: number;
  agreed: number;
};

export type FreshLease = { batchRowId: number; firstIndex: number; count: number; quorum: number };

/** On `replica`, with the parameters of a party: it is of somebody who counts as the same one. `network` is to be 0 where one answer is enough. (Plus: a unit has few replicas.) */
const IS_KIN = '(+account_row_id = :account OR host_row_id = :host OR (network = :network AND network <> 0))';

/** On a unit's identifier, with the parameters of a party: `mayBegin` of units/domain/kin.ts. */
export const mayBeginSql = (unitId: string): string =>
  `coalesce((SELECT sum(CASE WHEN state < 3 OR state = 6 THEN ${FAILURES_PER_PARTY_MAXIMUM} ELSE failures END) FROM replica
     WHERE replica.unit_id = ${unitId} AND ${IS_KIN}), 0) < ${FAILURES_PER_PARTY_MAXIMUM}`;

export class UnitRows {
  private readonly insertBatch: Statement;
  private readonly selectBatch: Statement;
  private readonly updateBatch: Statement;
  private readonly updateEnded: Statement;
  private readonly updateQuorum: Statement;
  private readonly updatePace: Statement;
  private readonly selectEnding: Statement;
  private readonly selectSpan: Statement;
  private readonly selectAlike: Statement;
  private readonly selectEligible: Statement;
  private readonly selectApart: Statement;
  private readonly insertFresh: Statement;
  private readonly insertEnded: Statement;
  private readonly updateRun: Statement;
  private readonly updateLeased: Statement;
  private readonly selectAgreed: Statement;
  private readonly selectWanted: Statement;

  constructor(db: BetterSqlite3Database) {
    this.insertBatch = db.prepare(
      'INSERT INTO batch_work (batch_row_id, project_row_id, unit_count, quorum) VALUES (?, ?, ?, ?)',
    );
    this.selectBatch = db.prepare('SELECT * FROM batch_work WHERE batch_row_id = ?');
    this.updateBatch = db.prepare(
      `UPDATE batch_work SET fresh_index = fresh_index + ?, next_sequence = next_sequence + ?, held = held + ?, running = running + ?, checking = checking + ?,
         accepted = accepted + ?, failed = failed + ?, cancelled = cancelled + ?, expired = expired + ?, stopped = stopped + ?, replicas_leased = replicas_leased + ?, replicas_reported = replicas_reported + ?,
         replicas_agreed = replicas_agreed + ?, granted_milli = granted_milli + ? WHERE batch_row_id = ?`,
    );
    this.updateEnded = db.prepare('UPDATE batch_work SET ended_code = ? WHERE batch_row_id = ?');
    this.updateQuorum = db.prepare(
      `UPDATE batch_work SET lowest_quorum = iif(accepted > accepted_before, min(coalesce(lowest_quorum, quorum), quorum), lowest_quorum),
         accepted_before = accepted, quorum = ? WHERE batch_row_id = ?`,
    );
    this.updatePace = db.prepare('UPDATE batch_work SET pace = ? WHERE batch_row_id = ?');
    this.selectEnding = db.prepare(
      'SELECT * FROM batch_work WHERE ended_code IS NOT NULL AND accepted + failed < unit_count',
    );
    this.selectSpan = db
      .prepare(
        'SELECT id, phase, wanted, open_replicas, attempts, host_failures, canonical_account, code, flags FROM unit WHERE id BETWEEN ? AND ?',
      )
      .raw();
    this.selectAlike = db
      .prepare(
        `SELECT count(*), min(wanted), max(wanted), min(open_replicas), max(open_replicas), min(attempts), max(attempts),
           min(host_failures), max(host_failures) FROM unit WHERE id BETWEEN ? AND ? AND phase = 0 AND flags = 0`,
      )
      .raw();
    this.selectEligible = db
      .prepare(
        `SELECT id FROM unit WHERE wanted > 0 AND flags < ${UNIT_FLAGS.needsAll} AND id >= :first AND id < :end
           AND ${mayBeginSql('unit.id')} ORDER BY id LIMIT ${given(':limit')}`,
      )
      .pluck();
    this.selectApart = db
      .prepare(
        `SELECT id FROM unit WHERE flags >= ${UNIT_FLAGS.needsAll} AND wanted > 0 AND id >= :first AND id < :end AND NOT EXISTS
           (SELECT 1 FROM replica WHERE unit_id = unit.id AND ${IS_KIN} AND
              (state < 3 OR failures >= ${FAILURES_PER_PARTY_MAXIMUM} OR (state = 6 AND flags < ${UNIT_FLAGS.isLineageWaiting})))
         ORDER BY id LIMIT ${given(':limit')}`,
      )
      .pluck();
    this.insertFresh = db.prepare(
      `INSERT INTO unit (id, phase, wanted, open_replicas, attempts, host_failures) SELECT ? + n, 0, ?, 1, 1, 0 FROM counting WHERE n < ?`,
    );
    this.insertEnded = db.prepare(
      'INSERT INTO unit (id, phase, wanted, open_replicas, attempts, host_failures, code) SELECT ? + n, 3, 0, 0, 0, 0, ? FROM counting WHERE n < ?',
    );
    this.updateRun = db.prepare(
      `UPDATE unit SET phase = ?, wanted = ?, open_replicas = ?, attempts = ?, host_failures = ?, canonical_account = ?, code = ?, flags = ?
       WHERE id BETWEEN ? AND ?`,
    );
    this.updateLeased = db.prepare(
      'UPDATE unit SET wanted = wanted - 1, open_replicas = open_replicas + 1, attempts = attempts + 1 WHERE id BETWEEN ? AND ?',
    );
    this.selectAgreed = db.prepare('SELECT id FROM unit WHERE phase = 1').pluck();
    this.selectWanted = db
      .prepare('SELECT EXISTS (SELECT 1 FROM unit WHERE wanted > 0 AND id >= ? AND id < ?)')
      .pluck();
  }

  createBatch(batch: { batchRowId: number; projectRowId: number; unitCount: number; quorum: number }): void {
    this.insertBatch.run(batch.batchRowId, batch.projectRowId, batch.unitCount, batch.quorum);
  }

  batch(batchRowId: number): BatchWorkRow | undefined {
    return this.selectBatch.get(batchRowId) as BatchWorkRow | undefined;
  }

  changeBatch(batchRowId: number, delta: BatchDelta): void {
    const { freshIndex, sequences, held, running, checking, accepted, failed, ended } = delta;
    const { leased, reported, agreed, creditMilli } = delta;
    this.updateBatch.run(
      freshIndex,
      sequences,
      held,
      running,
      checking,
      accepted,
      failed,
      ended.cancelled,
      ended.expired,
      ended.stopped,
      leased,
      reported,
      agreed,
      creditMilli,
      batchRowId,
    );
  }

  /** Why no unit of the batch is leased any longer; null: they are. */
  setEnded(batchRowId: number, code: string | null): void {
    this.updateEnded.run(code, batchRowId);
  }

  setQuorum(batchRowId: number, quorum: number): void {
    this.updateQuorum.run(quorum, batchRowId);
  }

  setPace(batchRowId: number, pace: string): void {
    this.updatePace.run(pace, batchRowId);
  }

  /** Batches that were ended, but not all of their units yet. */
  ending(): BatchWorkRow[] {
    return this.selectEnding.all() as BatchWorkRow[];
  }

  /** Units with rows whose ids lie between the two, both included, ascending. */
  span(firstId: number, lastId: number): UnitTuple[] {
    return (lastId > firstId && this.alikeSpan(firstId, lastId)) || this.differingSpan(firstId, lastId);
  }

  /** Most spans are open units in the same state, the units of one lease: then one row of sums says as much as all their rows. */
  private alikeSpan(firstId: number, lastId: number): UnitTuple[] | undefined {
    const sums = this.selectAlike.get(firstId, lastId) as number[];
    const [
      count = 0,
      wanted = 0,
      mostWanted,
      open = 0,
      mostOpen,
      attempts = 0,
      mostAttempts,
      failures = 0,
      mostFailures,
    ] = sums;
    const isAlike =
      wanted === mostWanted && open === mostOpen && attempts === mostAttempts && failures === mostFailures;
    if (count !== lastId - firstId + 1 || !isAlike) return undefined;
    return Array.from(
      { length: count },
      (_, at): UnitTuple => [firstId + at, 0, wanted, open, attempts, failures, null, null, 0],
    );
  }

  private differingSpan(firstId: number, lastId: number): UnitTuple[] {
    return this.selectSpan.all(firstId, lastId) as UnitTuple[];
  }

  /** Units with rows that the party may lease, from an index on. */
  eligible(batchRowId: number, fromIndex: number, { limit, ...party }: Party & { limit: number }): number[] {
    const span = { first: unitIdOf(batchRowId, fromIndex), end: unitIdOf(batchRowId + 1, 0) };
    return this.selectEligible.all({ ...party, ...span, limit }) as number[];
  }

  /** Units that are leased apart from the others and which the party may have, from an index on; not quite all of them it may. */
  apart(batchRowId: number, fromIndex: number, { limit, ...party }: Party & { limit: number }): number[] {
    const span = { first: unitIdOf(batchRowId, fromIndex), end: unitIdOf(batchRowId + 1, 0) };
    return this.selectApart.all({ ...party, ...span, limit }) as number[];
  }

  /** Makes rows for units that are leased for the first time. At most 256. */
  leaseFresh({ batchRowId, firstIndex, count, quorum }: FreshLease): void {
    this.insertFresh.run(unitIdOf(batchRowId, firstIndex), quorum - 1, count);
  }

  /** Makes rows for units that end without ever having been leased. At most 256. */
  endFresh({ batchRowId, firstIndex, count }: Omit<FreshLease, 'quorum'>, code: string): void {
    this.insertEnded.run(unitIdOf(batchRowId, firstIndex), code, count);
  }

  /** One more replica for each unit of the range, all of which want one. */
  leaseRun(firstId: number, lastId: number): void {
    this.updateLeased.run(firstId, lastId);
  }

  /** Gives consecutive units with rows the same columns. */
  updateConsecutive(firstId: number, lastId: number, columns: UnitColumns): void {
    this.updateRun.run(...columns, firstId, lastId);
  }

  /** Units that wait for their bytes. */
  agreedIds(): number[] {
    return this.selectAgreed.all() as number[];
  }

  /** Whether some account may lease a unit of the batch that has a row. */
  isAnyWanted(batchRowId: number): boolean {
    return this.selectWanted.get(unitIdOf(batchRowId, 0), unitIdOf(batchRowId + 1, 0)) === 1;
  }
}

// Rows of checkpoints that are kept for a successor, and of what hosts did of a replica before they handed over.
import type { Statement } from 'better-sqlite3';
import type { BetterSqlite3Database } from './database.js';

const CHECKPOINT_STATES = { onItsWay: 0, stored: 1, signed: 2 } as const;

export type SegmentRow = {
  readonly lineage: number;
  readonly account: number;
  readonly host: number;
  readonly lease: number;
  readonly fromFuel: number;
  readonly toFuel: number;
};
export type Place = { readonly unitId: number; readonly leaseRowId: number };
export type NewCheckpoint = Place & {
  readonly hostRowId: number;
  readonly accountRowId: number;
  readonly nowMs: number;
};
/** A hand-over that was verified. */
export type SignedCheckpoint = {
  readonly id: number;
  readonly unitId: number;
  readonly lineage: number;
  readonly fromFuel: number;
  readonly fuel: number;
  readonly envelope: Uint8Array;
  readonly key: Uint8Array;
};
export type StoredCheckpoint = { readonly id: number; readonly sizeBytes: number; readonly digest: Buffer };

export class CheckpointRows {
  private readonly insert: Statement;
  private readonly updateStored: Statement;
  private readonly updateSigned: Statement;
  private readonly selectStored: Statement;
  private readonly selectSigned: Statement;
  private readonly selectSum: Statement;
  private readonly selectCount: Statement;
  private readonly selectIds: Statement;
  private readonly deleteById: Statement;
  private readonly deleteUnsignedOf: Statement;
  private readonly deleteStale: Statement;
  private readonly deleteUnfinished: Statement;
  private readonly deleteOfUnit: Statement;
  private readonly deleteOfLineage: Statement;
  private readonly insertSegment: Statement;
  private readonly selectSegments: Statement;
  private readonly selectEnvelopes: Statement;
  private readonly deleteSegments: Statement;
  private readonly selectSegmentCount: Statement;
  private readonly selectEnvelope: Statement;

  constructor(db: BetterSqlite3Database) {
    this.insert = db.prepare(
      `INSERT INTO checkpoint (unit_id, lease_row_id, host_row_id, account_row_id, state, size_bytes, digest, stored_ms)
       VALUES (?, ?, ?, ?, ${CHECKPOINT_STATES.onItsWay}, 0, x'', ?)`,
    );
    this.updateStored = db.prepare(
      `UPDATE checkpoint SET state = ${CHECKPOINT_STATES.stored}, digest = ?, size_bytes = ? WHERE id = ? AND state = ${CHECKPOINT_STATES.onItsWay}`,
    );
    this.updateSigned = db.prepare(
      `UPDATE checkpoint SET state = ${CHECKPOINT_STATES.signed}, lineage = ?, from_fuel = ?, fuel = ?, envelope = ?, key = ? WHERE id = ?`,
    );
    this.selectStored = db.prepare(
      `SELECT id, size_bytes AS sizeBytes, digest FROM checkpoint WHERE unit_id = ? AND lease_row_id = ? AND state = ${CHECKPOINT_STATES.stored}
       ORDER BY id DESC LIMIT 1`,
    );
    this.selectSigned = db.prepare(
      'SELECT id, size_bytes AS sizeBytes, digest FROM checkpoint WHERE unit_id = ? AND lineage = ?',
    );
    this.selectSum = db.prepare('SELECT coalesce(sum(size_bytes), 0) FROM checkpoint').pluck();
    this.selectCount = db.prepare('SELECT count(*) FROM checkpoint').pluck();
    this.selectIds = db.prepare('SELECT id FROM checkpoint').pluck();
    const remove = (condition: string): Statement =>
      db.prepare(`DELETE FROM checkpoint WHERE ${condition} RETURNING id`).pluck();
    this.deleteById = remove('id = ?');
    this.deleteUnsignedOf = remove(
      `unit_id = ? AND lease_row_id = ? AND state = ${CHECKPOINT_STATES.stored} AND id < ?`,
    );
    this.deleteStale = remove(`state < ${CHECKPOINT_STATES.signed} AND stored_ms < ?`);
    this.deleteUnfinished = remove(`state = ${CHECKPOINT_STATES.onItsWay}`);
    this.deleteOfUnit = remove('unit_id = ?');
    this.deleteOfLineage = remove('unit_id = ? AND lineage = ? AND id <> ?');
    this.insertSegment = db.prepare(
      `INSERT INTO segment (unit_id, lineage, sequence, account_row_id, host_row_id, lease_row_id, from_fuel, to_fuel, envelope)
       SELECT unit_id, lineage, ?, account_row_id, host_row_id, lease_row_id, from_fuel, fuel, envelope FROM checkpoint WHERE unit_id = ? AND lineage = ?`,
    );
    this.selectSegments = db.prepare(
      `SELECT lineage, account_row_id AS account, host_row_id AS host, lease_row_id AS lease, from_fuel AS fromFuel, to_fuel AS toFuel FROM segment WHERE unit_id = ?
       ORDER BY lineage, sequence`,
    );
    this.selectEnvelopes = db.prepare(
      `SELECT segment.envelope, (SELECT key FROM checkpoint WHERE checkpoint.unit_id = segment.unit_id AND checkpoint.lineage = segment.lineage) AS key
       FROM segment WHERE unit_id = ? AND lineage = ? ORDER BY sequence`,
    );
    this.selectSegmentCount = db.prepare('SELECT count(*) FROM segment').pluck();
    this.selectEnvelope = db
      .prepare(
        `SELECT EXISTS (SELECT 1 FROM checkpoint WHERE unit_id = :unit AND envelope = :envelope)
           OR EXISTS (SELECT 1 FROM segment WHERE unit_id = :unit AND envelope = :envelope)`,
      )
      .pluck();
    this.deleteSegments = db.prepare('DELETE FROM segment WHERE unit_id = ? AND lineage = ?');
  }

  /** A checkpoint that comes in, and takes no room until it is stored; returns its id. */
  add({ unitId, leaseRowId, hostRowId, accountRowId, nowMs }: NewCheckpoint): number {
    return Number(this.insert.run(unitId, leaseRowId, hostRowId, accountRowId, nowMs).lastInsertRowid);
  }

  /** Its file is durable. False when it is not wanted any more. */
  setStored(id: number, digest: Uint8Array, sizeBytes: number): boolean {
    return this.updateStored.run(digest, sizeBytes, id).changes === 1;
  }

  setSigned({ id, lineage, fromFuel, fuel, envelope, key }: SignedCheckpoint): void {
    this.updateSigned.run(lineage, fromFuel, fuel, envelope, key, id);
  }

  /** The newest one that a lease has stored and not signed. */
  stored({ unitId, leaseRowId }: Place): StoredCheckpoint | undefined {
    return this.selectStored.get(unitId, leaseRowId) as StoredCheckpoint | undefined;
  }

  /** Whether this very hand-over is recorded. */
  isSigned(unit: number, envelope: Uint8Array): boolean {
    return this.selectEnvelope.get({ unit, envelope }) === 1;
  }

  /** How often units were handed over. */
  segmentCount(): number {
    return this.selectSegmentCount.get() as number;
  }

  /** The one of a lineage. */
  signed(unitId: number, lineage: number): StoredCheckpoint | undefined {
    return this.selectSigned.get(unitId, lineage) as StoredCheckpoint | undefined;
  }

  sumBytes(): number {
    return this.selectSum.get() as number;
  }

  count(): number {
    return this.selectCount.get() as number;
  }

  ids(): number[] {
    return this.selectIds.all() as number[];
  }

  remove(id: number): number[] {
    return this.deleteById.all(id) as number[];
  }

  /** Older ones of the lease that nobody signed. Like the others, returns the ids, whose files are to be removed. */
  removeOlder({ unitId, leaseRowId }: Place, id: number): number[] {
    return this.deleteUnsignedOf.all(unitId, leaseRowId, id) as number[];
  }

  removeStale(storedBeforeMs: number): number[] {
    return this.deleteStale.all(storedBeforeMs) as number[];
  }

  /** Those on their way in a single call, which a restart cut off. */
  removeUnfinished(): number[] {
    return this.deleteUnfinished.all() as number[];
  }

  removeOfUnit(unitId: number): number[] {
    return this.deleteOfUnit.all(unitId) as number[];
  }

  /** All of a lineage but one. */
  removeOfLineage(unitId: number, lineage: number, exceptId = 0): number[] {
    return this.deleteOfLineage.all(unitId, lineage, exceptId) as number[];
  }

  /** The host of the lineage's checkpoint has handed over: its part is closed. */
  closeSegment(unitId: number, lineage: number, sequence: number): void {
    this.insertSegment.run(sequence, unitId, lineage);
  }

  segments(unitId: number): SegmentRow[] {
    return this.selectSegments.all(unitId) as SegmentRow[];
  }

  removeSegments(unitId: number, lineage: number): void {
    this.deleteSegments.run(unitId, lineage);
  }

  /** What a successor needs beside the file: the signed hand-overs, oldest first, and the key. */
  offer(unitId: number, lineage: number): { handOvers: Uint8Array[]; key: Uint8Array } | undefined {
    const rows = this.selectEnvelopes.all(unitId, lineage) as { envelope: Buffer; key: Buffer | null }[];
    const key = rows[0]?.key;
    return key
      ? { handOvers: rows.map(({ envelope }) => new Uint8Array(envelope)), key: new Uint8Array(key) }
      : undefined;
  }
}

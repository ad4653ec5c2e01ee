// Rows of uploads that came in part: what was announced, and how much of it is durable.
import type { UploadKind } from '@manyhands/contract';
import type { Statement } from 'better-sqlite3';
import type { BetterSqlite3Database } from './database.js';

const KINDS: readonly UploadKind[] = ['result', 'checkpoint'];

/** One host uploads one thing of a unit at a time. */
export type UploadPlace = { readonly kind: UploadKind; readonly unitId: number; readonly hostRowId: number };
/** The whole, as its sender announces it. */
export type Announced = { readonly sha256: Uint8Array; readonly sizeBytes: number };
type Received = Announced & { readonly receivedBytes: number };

export class UploadRows {
  private readonly selectOne: Statement;
  private readonly upsert: Statement;
  private readonly deleteOne: Statement;
  private readonly selectAll: Statement;
  private readonly selectOfHost: Statement;
  private readonly selectUseless: Statement;
  private readonly selectSum: Statement;

  constructor(db: BetterSqlite3Database) {
    const place = 'kind, unit_id AS unitId, host_row_id AS hostRowId';
    this.selectOne = db.prepare(
      `SELECT sha256, size_bytes AS sizeBytes, received_bytes AS receivedBytes FROM upload WHERE kind = ? AND unit_id = ? AND host_row_id = ?`,
    );
    this.upsert = db.prepare('INSERT OR REPLACE INTO upload VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.deleteOne = db.prepare('DELETE FROM upload WHERE kind = ? AND unit_id = ? AND host_row_id = ?');
    this.selectAll = db.prepare(`SELECT ${place} FROM upload`);
    this.selectOfHost = db.prepare(`SELECT ${place} FROM upload WHERE host_row_id = ? ORDER BY touched_ms`);
    this.selectUseless = db.prepare(
      `SELECT ${place} FROM upload LEFT JOIN unit ON unit.id = upload.unit_id WHERE touched_ms < ? OR unit.id IS NULL OR unit.phase IN (2, 3)`,
    );
    this.selectSum = db.prepare('SELECT coalesce(sum(received_bytes), 0) FROM upload WHERE kind = ?').pluck();
  }

  find({ kind, unitId, hostRowId }: UploadPlace): Received | undefined {
    return this.selectOne.get(KINDS.indexOf(kind), unitId, hostRowId) as Received | undefined;
  }

  put({ kind, unitId, hostRowId }: UploadPlace, { sha256, sizeBytes, receivedBytes }: Received, nowMs: number): void {
    this.upsert.run(KINDS.indexOf(kind), unitId, hostRowId, sha256, sizeBytes, receivedBytes, nowMs);
  }

  remove({ kind, unitId, hostRowId }: UploadPlace): void {
    this.deleteOne.run(KINDS.indexOf(kind), unitId, hostRowId);
  }

  all(): UploadPlace[] {
    return this.selectAll.all().map(placeOf);
  }

  /** Those of a host, the one that was touched longest ago first. */
  ofHost(hostRowId: number): UploadPlace[] {
    return this.selectOfHost.all(hostRowId).map(placeOf);
  }

  /** Those that got no part since then, and those of units that are settled or gone. */
  useless(touchedBeforeMs: number): UploadPlace[] {
    return this.selectUseless.all(touchedBeforeMs).map(placeOf);
  }

  /** What all of a kind have received. */
  sumBytes(kind: UploadKind): number {
    return this.selectSum.get(KINDS.indexOf(kind)) as number;
  }
}

function placeOf(row: unknown): UploadPlace {
  const { kind, ...place } = row as { kind: number; unitId: number; hostRowId: number };
  return { kind: KINDS[kind] ?? 'result', ...place };
}

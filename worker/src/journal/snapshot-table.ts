// The rows of snapshots, with a copy in memory: asked for with every small unit, though hardly any has one.
import type { LeaseId } from '@manyhands/contract';
import { type UnitRef, unitKey } from '@manyhands/worker-core';
import type { JournalDatabase } from './database.js';

export type StoredSnapshot = {
  file: string;
  sizeBytes: number;
  /** Of the file's bytes. */
  sha256: Uint8Array;
  isCompressed: boolean;
  fuel: number;
  markCount: number;
  /** Time that the unit took so far. */
  elapsedMs: number;
  /** What the checkpoint of another host must turn out to be; null: it is this host's own. */
  expected: { stateHash: Uint8Array; chainRoot: Uint8Array | null } | null;
};

type Row = {
  lease_id: LeaseId;
  unit_index: number;
  file: string;
  size_bytes: number;
  sha256: Buffer;
  is_compressed: number;
  fuel: number;
  mark_count: number;
  elapsed_ms: number;
  expected_state: Buffer | null;
  expected_chain: Buffer | null;
};

export class SnapshotTable {
  readonly #database: JournalDatabase;
  readonly #rows = new Map<string, StoredSnapshot & { unit: UnitRef }>();

  constructor(database: JournalDatabase) {
    this.#database = database;
    for (const row of database.prepare('SELECT * FROM snapshot').all() as Row[]) {
      const unit = { leaseId: row.lease_id, index: row.unit_index };
      this.#rows.set(unitKey(unit), { ...snapshotOf(row), unit });
    }
  }

  all(): (StoredSnapshot & { unit: UnitRef })[] {
    return [...this.#rows.values()];
  }

  find(unit: UnitRef): StoredSnapshot | undefined {
    return this.#rows.get(unitKey(unit));
  }

  /** Puts the newest snapshot of a unit in place of the one before; false when the unit is not open any more. */
  put(unit: UnitRef, snapshot: StoredSnapshot): boolean {
    const { file, sizeBytes, sha256, isCompressed, fuel, markCount, elapsedMs, expected } = snapshot;
    const { changes } = this.#database
      .prepare(
        `INSERT INTO snapshot (lease_id, unit_index, file, size_bytes, sha256, is_compressed, fuel, mark_count, elapsed_ms,
           expected_state, expected_chain)
         SELECT lease_id, unit_index, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM unit WHERE lease_id = ? AND unit_index = ? AND state = 'open'
         ON CONFLICT (lease_id, unit_index) DO UPDATE SET file = excluded.file, size_bytes = excluded.size_bytes,
           sha256 = excluded.sha256, is_compressed = excluded.is_compressed, fuel = excluded.fuel,
           mark_count = excluded.mark_count, elapsed_ms = excluded.elapsed_ms,
           expected_state = excluded.expected_state, expected_chain = excluded.expected_chain`,
      )
      .run(
        ...[file, sizeBytes, sha256, isCompressed ? 1 : 0, fuel, markCount, Math.round(elapsedMs)],
        ...[expected?.stateHash ?? null, expected?.chainRoot ?? null, unit.leaseId, unit.index],
      );
    if (changes > 0) this.#rows.set(unitKey(unit), { ...snapshot, unit });
    else this.#rows.delete(unitKey(unit));
    return changes > 0;
  }

  recordResumed({ leaseId, index }: UnitRef, fuel: number): void {
    this.#database
      .prepare(
        'UPDATE snapshot SET resumed_fuel = ?, resumed_count = resumed_count + 1 WHERE lease_id = ? AND unit_index = ?',
      )
      .run(fuel, leaseId, index);
  }

  /** Removes a row; gives the name of its file. */
  remove(unit: UnitRef): string | undefined {
    const known = this.#rows.get(unitKey(unit));
    if (!known) return undefined;
    this.#rows.delete(unitKey(unit));
    this.#database.prepare('DELETE FROM snapshot WHERE lease_id = ? AND unit_index = ?').run(unit.leaseId, unit.index);
    return known.file;
  }
}

function snapshotOf(row: Row): StoredSnapshot {
  const { file, fuel, expected_state: state, expected_chain: chain } = row;
  return {
    ...{ file, fuel, sizeBytes: row.size_bytes, sha256: Uint8Array.from(row.sha256) },
    ...{ isCompressed: row.is_compressed === 1, markCount: row.mark_count, elapsedMs: row.elapsed_ms },
    expected: state && { stateHash: Uint8Array.from(state), chainRoot: chain && Uint8Array.from(chain) },
  };
}

// The rows of snapshots, with a copy in memory: asked for with every small unit, though hardly any has one.
import type { Build, Cid } from '@manyhands/contract';
import type { Lineage } from '@manyhands/worker-core';
import type { JournalDatabase } from './database.js';

/** A unit whatever lease it comes under. */
export type UnitName = { manifestCid: Cid; index: number };

export type StoredSnapshot = Lineage & {
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
  /** When it was written, by this machine's clock. */
  writtenAtMs: number;
};

type Row = {
  manifest_cid: Cid;
  unit_index: number;
  build: Build;
  base: Buffer | null;
  file: string;
  size_bytes: number;
  sha256: Buffer;
  is_compressed: number;
  fuel: number;
  mark_count: number;
  elapsed_ms: number;
  expected_state: Buffer | null;
  expected_chain: Buffer | null;
  written_at_ms: number;
};

export type NamedSnapshot = StoredSnapshot & { name: UnitName };

export class SnapshotTable {
  readonly #database: JournalDatabase;
  readonly #rows = new Map<string, NamedSnapshot>();

  constructor(database: JournalDatabase) {
    this.#database = database;
    for (const row of database.prepare('SELECT * FROM snapshot').all() as Row[]) {
      const name = { manifestCid: row.manifest_cid, index: row.unit_index };
      this.#rows.set(keyOf(name), { ...snapshotOf(row), name });
    }
  }

  get size(): number {
    return this.#rows.size;
  }

  all(): NamedSnapshot[] {
    return [...this.#rows.values()];
  }

  find(name: UnitName): StoredSnapshot | undefined {
    return this.#rows.get(keyOf(name));
  }

  /** Those of units that no lease holds now. */
  spare(): NamedSnapshot[] {
    const held = this.#database
      .prepare("SELECT manifest_cid, unit_index FROM unit JOIN lease USING (lease_id) WHERE state = 'open'")
      .all() as Pick<Row, 'manifest_cid' | 'unit_index'>[];
    const keys = new Set(held.map((row) => keyOf({ manifestCid: row.manifest_cid, index: row.unit_index })));
    return this.all().filter(({ name }) => !keys.has(keyOf(name)));
  }

  /** Puts the newest snapshot of a unit in place of the one before. */
  put(name: UnitName, snapshot: StoredSnapshot): void {
    const { file, sizeBytes, sha256, isCompressed, fuel, markCount, elapsedMs, expected, build, base } = snapshot;
    this.#database
      .prepare(
        `INSERT INTO snapshot (manifest_cid, unit_index, build, base, file, size_bytes, sha256, is_compressed, fuel, mark_count,
           elapsed_ms, expected_state, expected_chain, written_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (manifest_cid, unit_index) DO UPDATE SET build = excluded.build, base = excluded.base, file = excluded.file,
           size_bytes = excluded.size_bytes, sha256 = excluded.sha256, is_compressed = excluded.is_compressed,
           fuel = excluded.fuel, mark_count = excluded.mark_count, elapsed_ms = excluded.elapsed_ms,
           expected_state = excluded.expected_state, expected_chain = excluded.expected_chain,
           written_at_ms = excluded.written_at_ms`,
      )
      .run(
        ...[name.manifestCid, name.index, build, base, file, sizeBytes, sha256, isCompressed ? 1 : 0, fuel, markCount],
        ...[Math.round(elapsedMs), expected?.stateHash ?? null, expected?.chainRoot ?? null, snapshot.writtenAtMs],
      );
    this.#rows.set(keyOf(name), { ...snapshot, name });
  }

  recordResumed({ manifestCid, index }: UnitName, fuel: number): void {
    this.#database
      .prepare(
        `UPDATE snapshot SET resumed_fuel = ?, resumed_count = resumed_count + 1 WHERE manifest_cid = ? AND unit_index = ?`,
      )
      .run(fuel, manifestCid, index);
  }

  /** Removes a row; gives the name of its file. */
  remove(name: UnitName): string | undefined {
    const known = this.#rows.get(keyOf(name));
    if (!known) return undefined;
    this.#rows.delete(keyOf(name));
    this.#database
      .prepare('DELETE FROM snapshot WHERE manifest_cid = ? AND unit_index = ?')
      .run(name.manifestCid, name.index);
    return known.file;
  }
}

function keyOf({ manifestCid, index }: UnitName): string {
  return `${manifestCid}/${index}`;
}

function snapshotOf(row: Row): StoredSnapshot {
  const { file, fuel, build, base, expected_state: state, expected_chain: chain } = row;
  return {
    ...{ file, fuel, build, base: base && Uint8Array.from(base) },
    ...{ sizeBytes: row.size_bytes, sha256: Uint8Array.from(row.sha256), writtenAtMs: row.written_at_ms },
    ...{ isCompressed: row.is_compressed === 1, markCount: row.mark_count, elapsedMs: row.elapsed_ms },
    expected: state && { stateHash: Uint8Array.from(state), chainRoot: chain && Uint8Array.from(chain) },
  };
}

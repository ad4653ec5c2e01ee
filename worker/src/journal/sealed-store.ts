// Encrypted checkpoints that are on their way to the coordinator: kept with their keys until they are there, so that a restart goes on where it was cut off.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LeaseId } from '@manyhands/contract';
import type { UnitRef } from '@manyhands/worker-core';
import type { JournalDatabase } from './database.js';

/** A checkpoint, how it was encrypted, and the state in it. */
export type SealedRecord = {
  key: Uint8Array;
  digest: Uint8Array;
  sizeBytes: number;
  fuel: number;
  markCount: number;
  chainRoot: Uint8Array | null;
  stateHash: Uint8Array;
};

type Row = {
  key: Buffer;
  digest: Buffer;
  size_bytes: number;
  fuel: number;
  mark_count: number;
  chain_root: Buffer | null;
  state_hash: Buffer;
};
type Name = { lease_id: LeaseId; unit_index: number };

export class SealedStore {
  readonly #directory: string;
  readonly #database: JournalDatabase;

  constructor(directory: string, database: JournalDatabase) {
    this.#directory = directory;
    this.#database = database;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    database
      .prepare(
        `DELETE FROM sealed WHERE NOT EXISTS (SELECT 1 FROM unit
           WHERE unit.lease_id = sealed.lease_id AND unit.unit_index = sealed.unit_index AND unit.state = 'open')`,
      )
      .run();
    const names = database.prepare('SELECT lease_id, unit_index FROM sealed').all() as Name[];
    const known = new Set(names.map(({ lease_id, unit_index }) => fileOf({ leaseId: lease_id, index: unit_index })));
    for (const name of readdirSync(directory)) if (!known.has(name)) rmSync(join(directory, name), { force: true });
  }

  /** Where the encrypted checkpoint of a unit lies. */
  path(unit: UnitRef): string {
    return join(this.#directory, fileOf(unit));
  }

  find({ leaseId, index }: UnitRef): SealedRecord | undefined {
    const row = this.#database
      .prepare('SELECT * FROM sealed WHERE lease_id = ? AND unit_index = ?')
      .get(leaseId, index) as Row | undefined;
    return row && recordOf(row);
  }

  /** Remembers a checkpoint whose file is durable. Does nothing for a unit that was given up. */
  keep({ leaseId, index }: UnitRef, record: SealedRecord): void {
    const { key, digest, sizeBytes, fuel, markCount, chainRoot, stateHash } = record;
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO sealed SELECT lease_id, unit_index, ?, ?, ?, ?, ?, ?, ? FROM unit
         WHERE lease_id = ? AND unit_index = ? AND state = 'open'`,
      )
      .run(key, digest, sizeBytes, fuel, markCount, chainRoot, stateHash, leaseId, index);
  }

  forget(unit: UnitRef): void {
    this.#database.prepare('DELETE FROM sealed WHERE lease_id = ? AND unit_index = ?').run(unit.leaseId, unit.index);
    rmSync(this.path(unit), { force: true });
  }
}

function fileOf({ leaseId, index }: UnitRef): string {
  return `${leaseId}-${index}`;
}

function recordOf(row: Row): SealedRecord {
  return {
    key: Uint8Array.from(row.key),
    digest: Uint8Array.from(row.digest),
    sizeBytes: row.size_bytes,
    fuel: row.fuel,
    markCount: row.mark_count,
    chainRoot: row.chain_root && Uint8Array.from(row.chain_root),
    stateHash: Uint8Array.from(row.state_hash),
  };
}

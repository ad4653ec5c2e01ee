// The register of blocks in SQLite.
import type { Cid } from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import type { Database } from 'better-sqlite3';
import { BlocksRepository, type NewBlock, type StoredBlock } from '../../blocks/blocks.repository.js';
import { SqliteDatabase } from './database.js';
import { prepare } from './prepare.js';

/** Bounds how long one step of housekeeping holds the event loop. */
const BLOCKS_PER_STEP = 500;

@Injectable()
export class SqliteBlocks extends BlocksRepository {
  constructor(private readonly database: SqliteDatabase) {
    super();
  }

  find(cid: string): StoredBlock | undefined {
    return this.database.read((db) => findBlock(db, cid));
  }

  record({ cid, sizeBytes, projectRowId, quotaBytes, nowMs }: NewBlock): Promise<'recorded' | 'quota-exceeded'> {
    return this.database.write((db) => {
      const known = findBlock(db, cid);
      if (known && isOfProject(db, known.rowId, projectRowId)) {
        touch(db, known.rowId, nowMs);
        return 'recorded';
      }
      if (blockBytesOf(db, projectRowId) + sizeBytes > quotaBytes) return 'quota-exceeded';
      const insert = 'INSERT INTO block (cid, size_bytes, touched_at_ms) VALUES (?, ?, ?)';
      const rowId = known?.rowId ?? Number(prepare(db, insert).run(cid, sizeBytes, nowMs).lastInsertRowid);
      touch(db, rowId, nowMs);
      prepare(db, 'INSERT INTO block_project (project_row_id, block_row_id) VALUES (?, ?)').run(projectRowId, rowId);
      addBlockBytes(db, projectRowId, sizeBytes);
      return 'recorded';
    });
  }

  missing(cids: readonly string[], nowMs: number): Promise<string[]> {
    return this.database.write((db) =>
      cids.filter((cid) => {
        const known = findBlock(db, cid);
        if (known) touch(db, known.rowId, nowMs);
        return !known;
      }),
    );
  }

  addHolder(nowMs: number): Promise<number> {
    return this.database.write((db) =>
      Number(prepare(db, 'INSERT INTO block_holder (made_at_ms) VALUES (?)').run(nowMs).lastInsertRowid),
    );
  }

  hold(holderRowId: number, cids: readonly Cid[]): Promise<Cid[]> {
    return this.database.write((db) => cids.filter((cid) => !holdOne(db, holderRowId, cid)));
  }

  releaseSome(holderRowId: number): Promise<boolean> {
    return this.database.write((db) => {
      const held = prepare<{ rowId: number }>(
        db,
        'SELECT block_row_id AS rowId FROM block_hold WHERE holder_row_id = ? LIMIT ?',
      ).all(holderRowId, BLOCKS_PER_STEP);
      for (const { rowId } of held) {
        prepare(db, 'DELETE FROM block_hold WHERE holder_row_id = ? AND block_row_id = ?').run(holderRowId, rowId);
        prepare(db, 'UPDATE block SET use_count = use_count - 1 WHERE id = ?').run(rowId);
      }
      if (held.length === 0) prepare(db, 'DELETE FROM block_holder WHERE id = ?').run(holderRowId);
      return held.length > 0;
    });
  }

  abandonedHolders(): number[] {
    const sql = `SELECT id FROM block_holder WHERE id NOT IN (SELECT holder_row_id FROM app_version)
      AND id NOT IN (SELECT holder_row_id FROM batch WHERE holder_row_id IS NOT NULL)`;
    return this.database.read((db) => prepare<{ id: number }>(db, sql).all()).map(({ id }) => id);
  }

  forgetUnused({ touchedBeforeMs, except }: { touchedBeforeMs: number; except: ReadonlySet<string> }): Promise<Cid[]> {
    return this.database.write((db) => {
      const sql = `SELECT id AS rowId, cid, size_bytes AS sizeBytes FROM block
        WHERE use_count = 0 AND touched_at_ms < ? ORDER BY touched_at_ms LIMIT ?`;
      const unused = prepare<StoredBlock & { cid: Cid }>(db, sql)
        .all(touchedBeforeMs, BLOCKS_PER_STEP)
        .filter(({ cid }) => !except.has(cid));
      for (const block of unused) forget(db, block);
      return unused.map(({ cid }) => cid);
    });
  }

  totals(): { blocks: number; sizeBytes: number } {
    const sql = 'SELECT value FROM tally WHERE name = ?';
    const tally = (name: string): number =>
      this.database.read((db) => prepare<{ value: number }>(db, sql).get(name))?.value ?? 0;
    return { blocks: tally('blocks'), sizeBytes: tally('block-bytes') };
  }
}

function findBlock(db: Database, cid: string): StoredBlock | undefined {
  return prepare<StoredBlock>(db, 'SELECT id AS rowId, size_bytes AS sizeBytes FROM block WHERE cid = ?').get(cid);
}

function isOfProject(db: Database, blockRowId: number, projectRowId: number): boolean {
  const sql = 'SELECT 1 FROM block_project WHERE project_row_id = ? AND block_row_id = ?';
  return prepare(db, sql).get(projectRowId, blockRowId) !== undefined;
}

function touch(db: Database, rowId: number, nowMs: number): void {
  prepare(db, 'UPDATE block SET touched_at_ms = ? WHERE id = ?').run(nowMs, rowId);
}

function blockBytesOf(db: Database, projectRowId: number): number {
  const sql = 'SELECT block_bytes AS bytes FROM project WHERE id = ?';
  return prepare<{ bytes: number }>(db, sql).get(projectRowId)?.bytes ?? 0;
}

function addBlockBytes(db: Database, projectRowId: number, bytes: number): void {
  prepare(db, 'UPDATE project SET block_bytes = block_bytes + ? WHERE id = ?').run(bytes, projectRowId);
}

function holdOne(db: Database, holderRowId: number, cid: Cid): boolean {
  const known = findBlock(db, cid);
  if (!known) return false;
  const insert = 'INSERT INTO block_hold (holder_row_id, block_row_id) VALUES (?, ?) ON CONFLICT DO NOTHING';
  if (prepare(db, insert).run(holderRowId, known.rowId).changes === 1)
    prepare(db, 'UPDATE block SET use_count = use_count + 1 WHERE id = ?').run(known.rowId);
  return true;
}

function forget(db: Database, { rowId, sizeBytes }: StoredBlock): void {
  const owners = prepare<{ id: number }>(db, 'SELECT project_row_id AS id FROM block_project WHERE block_row_id = ?');
  for (const { id } of owners.all(rowId)) addBlockBytes(db, id, -sizeBytes);
  prepare(db, 'DELETE FROM block WHERE id = ?').run(rowId);
}

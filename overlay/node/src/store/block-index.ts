// The index of a worker's blocks: sizes and last use, in SQLite. It can always be rebuilt from the files.
import type { Cid } from '@manyhands/contract';
import { ManyhandsError } from '@manyhands/contract';
import Database from 'better-sqlite3';
import type { StoredFile } from './block-files.js';

const VERSION = 1;
const SCHEMA = `
  CREATE TABLE block (
    cid        TEXT PRIMARY KEY,
    size_bytes INTEGER NOT NULL,
    used_order INTEGER NOT NULL  -- a counter, higher is later: clocks may go backwards
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX block_by_use ON block (used_order);
`;

type Row = { cid: Cid; sizeBytes: number };

/** Sizes and order of use of the blocks in a store. */
export class BlockIndex {
  private readonly database: Database.Database;
  private readonly statements;
  private nextOrder: number;

  /** Opens or makes the index. Throws MH-GEN-007 when a newer version wrote it. */
  constructor(file: string) {
    this.database = openVersioned(file);
    this.statements = prepare(this.database);
    this.nextOrder = (this.statements.lastOrder.get() as { last: number }).last + 1;
  }

  sizeOf(cid: Cid): number | undefined {
    return (this.statements.one.get(cid) as Row | undefined)?.sizeBytes;
  }

  add({ cid, sizeBytes }: StoredFile): void {
    this.statements.add.run(cid, sizeBytes, this.nextOrder++);
  }

  touch(cid: Cid): void {
    this.statements.touch.run(this.nextOrder++, cid);
  }

  remove(cid: Cid): void {
    this.statements.remove.run(cid);
  }

  /** All blocks, used longest ago first. */
  *oldestFirst(): Generator<Row> {
    yield* this.statements.oldest.all() as Row[];
  }

  /** Makes the index say what the files say. */
  reconcile(files: Iterable<StoredFile>): void {
    this.database.transaction(() => {
      const unseen = new Set([...this.oldestFirst()].map(({ cid }) => cid));
      for (const file of files) {
        unseen.delete(file.cid);
        if (this.sizeOf(file.cid) !== file.sizeBytes) this.add(file);
      }
      for (const cid of unseen) this.remove(cid);
    })();
  }

  usedBytes(): number {
    return (this.statements.used.get() as { used: number }).used;
  }

  close(): void {
    this.database.close();
  }
}

function prepare(database: Database.Database) {
  return {
    one: database.prepare('SELECT cid, size_bytes AS sizeBytes FROM block WHERE cid = ?'),
    add: database.prepare('INSERT OR REPLACE INTO block (cid, size_bytes, used_order) VALUES (?, ?, ?)'),
    touch: database.prepare('UPDATE block SET used_order = ? WHERE cid = ?'),
    remove: database.prepare('DELETE FROM block WHERE cid = ?'),
    oldest: database.prepare('SELECT cid, size_bytes AS sizeBytes FROM block ORDER BY used_order'),
    used: database.prepare('SELECT COALESCE(SUM(size_bytes), 0) AS used FROM block'),
    lastOrder: database.prepare('SELECT COALESCE(MAX(used_order), 0) AS last FROM block'),
  };
}

function openVersioned(file: string): Database.Database {
  const database = new Database(file);
  const version = database.pragma('user_version', { simple: true }) as number;
  if (version > VERSION) {
    database.close();
    throw new ManyhandsError('MH-GEN-007', { meta: { file, version, supported: VERSION } });
  }
  // NORMAL suffices: a lost tail of the index is rebuilt from the files at the next start.
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  if (version === 0)
    database.transaction(() => {
      database.exec(SCHEMA);
      database.pragma(`user_version = ${VERSION}`);
    })();
  return database;
}

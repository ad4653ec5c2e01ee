// The one file of a backup: a SQLite file that holds other files in parts, each with its SHA-256.
import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { fileError, ManyhandsError } from '@manyhands/contract';
import Database from 'better-sqlite3';

/** Marks the file as a backup of Manyhands ("MHBK"). */
const APPLICATION_ID = 0x4d48424b;
const FORMAT_VERSION = 1;
const SCHEMA = `
CREATE TABLE entry (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size_bytes INTEGER NOT NULL, sha256 BLOB NOT NULL) STRICT;
CREATE TABLE part (entry_id INTEGER NOT NULL REFERENCES entry (id), number INTEGER NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (entry_id, number)) STRICT;
CREATE TABLE made (at_ms INTEGER NOT NULL, entries INTEGER NOT NULL) STRICT;
`;

export type ArchiveEntry = { id: number; path: string; sizeBytes: number; sha256: Uint8Array };

/** Writes a new archive. Nothing is in it for readers until `finish`. */
export class ArchiveWriter {
  readonly #database: Database.Database;

  constructor(file: string) {
    this.#database = new Database(file);
    this.#database.pragma('journal_mode = OFF'); // a file that was not finished is thrown away
    this.#database.pragma('synchronous = OFF');
    this.#database.pragma(`application_id = ${APPLICATION_ID}`);
    this.#database.pragma(`user_version = ${FORMAT_VERSION}`);
    this.#database.exec(SCHEMA);
  }

  has(path: string): boolean {
    return this.#database.prepare('SELECT 1 FROM entry WHERE path = ?').get(path) !== undefined;
  }

  /** Adds a file from its parts; one of the same path is replaced. */
  async add(path: string, parts: AsyncIterable<Uint8Array>): Promise<void> {
    this.remove(path);
    const insertEntry = 'INSERT INTO entry (path, size_bytes, sha256) VALUES (?, 0, ?)';
    const entryId = this.#database.prepare(insertEntry).run(path, new Uint8Array()).lastInsertRowid;
    const insertPart = this.#database.prepare('INSERT INTO part (entry_id, number, bytes) VALUES (?, ?, ?)');
    const hash: Hash = createHash('sha256');
    let sizeBytes = 0;
    let number = 0;
    for await (const bytes of parts) {
      insertPart.run(entryId, number, bytes);
      hash.update(bytes);
      sizeBytes += bytes.length;
      number += 1;
    }
    const update = 'UPDATE entry SET size_bytes = ?, sha256 = ? WHERE id = ?';
    this.#database.prepare(update).run(sizeBytes, hash.digest(), entryId);
  }

  /** Takes a file out again. */
  remove(path: string): void {
    this.#database.prepare('DELETE FROM part WHERE entry_id IN (SELECT id FROM entry WHERE path = ?)').run(path);
    this.#database.prepare('DELETE FROM entry WHERE path = ?').run(path);
  }

  /** Completes the archive. Returns how many files and bytes it holds. */
  finish(nowMs: number): { files: number; sizeBytes: number } {
    this.#database.prepare('INSERT INTO made SELECT ?, count(*) FROM entry').run(nowMs);
    const sql = 'SELECT count(*) AS files, coalesce(sum(size_bytes), 0) AS sizeBytes FROM entry';
    const totals = this.#database.prepare<[], { files: number; sizeBytes: number }>(sql).get();
    this.#database.close();
    return totals ?? { files: 0, sizeBytes: 0 };
  }

  /** Closes without completing. */
  abandon(): void {
    this.#database.close();
  }
}

/** Reads an archive. Throws MH-GEN-013 when the file is not a complete one, MH-GEN-007 when a newer Manyhands wrote it. */
export class ArchiveReader {
  readonly #database: Database.Database;

  constructor(private readonly file: string) {
    this.#database = openReadonly(file);
    try {
      this.assertComplete();
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  entries(): ArchiveEntry[] {
    const sql = 'SELECT id, path, size_bytes AS sizeBytes, sha256 FROM entry ORDER BY id';
    return this.#database.prepare<[], ArchiveEntry>(sql).all();
  }

  /** The parts of a file; throws MH-GEN-013 at the end when they are not what was written. */
  *parts(entry: ArchiveEntry): Generator<Uint8Array> {
    const hash = createHash('sha256');
    const sql = 'SELECT bytes FROM part WHERE entry_id = ? ORDER BY number';
    for (const { bytes } of this.#database.prepare<[number], { bytes: Uint8Array }>(sql).iterate(entry.id)) {
      hash.update(bytes);
      yield bytes;
    }
    if (Buffer.compare(hash.digest(), entry.sha256) !== 0) throw damaged(this.file, entry.path);
  }

  close(): void {
    this.#database.close();
  }

  private assertComplete(): void {
    const read = (name: string): unknown => this.#database.pragma(name, { simple: true });
    let isComplete = false;
    try {
      if (read('application_id') === APPLICATION_ID && Number(read('user_version')) > FORMAT_VERSION)
        throw new ManyhandsError('MH-GEN-007', { meta: { file: this.file, found: Number(read('user_version')) } });
      const sql = 'SELECT (SELECT entries FROM made) = (SELECT count(*) FROM entry) AS isComplete';
      const row = this.#database.prepare<[], { isComplete: number | null }>(sql).get();
      isComplete = read('application_id') === APPLICATION_ID && row?.isComplete === 1;
    } catch (error) {
      if (error instanceof ManyhandsError) throw error;
    }
    if (!isComplete) throw damaged(this.file, null);
  }
}

function openReadonly(file: string): Database.Database {
  try {
    readByte(file);
    return new Database(file, { readonly: true, fileMustExist: true });
  } catch (cause) {
    throw fileError('open', file, cause);
  }
}

/** SQLite does not say why it cannot open a file; the system does. */
function readByte(file: string): void {
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, new Uint8Array(1));
  } finally {
    closeSync(descriptor);
  }
}

function damaged(file: string, path: string | null): ManyhandsError {
  const message = path ? `${file} is damaged: ${path} is not what was saved.` : `${file} is not a complete backup.`;
  return new ManyhandsError('MH-GEN-013', { message, meta: { file, path } });
}

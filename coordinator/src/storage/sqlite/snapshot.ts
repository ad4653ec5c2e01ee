// Looks at a coordinator's database from outside: a consistent copy while it is in use, and what a copy refers to.
import type { Cid } from '@manyhands/contract';
import { fileError, ManyhandsError } from '@manyhands/contract';
import Database from 'better-sqlite3';
import { MIGRATIONS } from '../migrations/index.js';

/** Copies the database while another process may use it. Throws MH-GEN-013 when there is none. */
export async function snapshotDatabase(file: string, target: string): Promise<void> {
  let source: Database.Database | undefined;
  try {
    source = new Database(file, { readonly: true, fileMustExist: true });
    await source.backup(target);
    makeSingleFile(target);
  } catch (cause) {
    throw fileError('copy', file, cause);
  } finally {
    source?.close();
  }
}

/** Without a write-ahead log, reading the copy leaves no files beside it. */
function makeSingleFile(file: string): void {
  const copy = new Database(file);
  copy.pragma('journal_mode = DELETE');
  copy.close();
}

/** The blocks that a database counts on. */
export function blocksIn(file: string): Cid[] {
  const database = new Database(file, { readonly: true, fileMustExist: true });
  try {
    return database
      .prepare<[], { cid: Cid }>('SELECT cid FROM block')
      .all()
      .map(({ cid }) => cid);
  } finally {
    database.close();
  }
}

/** Throws MH-GEN-013 for a damaged database, MH-GEN-007 for one of a newer version. */
export function assertSound(file: string): void {
  const database = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const found = Number(database.pragma('user_version', { simple: true }));
    const newest = MIGRATIONS.at(-1)?.version ?? 0;
    if (found > newest) throw new ManyhandsError('MH-GEN-007', { meta: { found, newest } });
    if (database.pragma('integrity_check', { simple: true }) !== 'ok')
      throw new ManyhandsError('MH-GEN-013', { message: 'The database in the backup is damaged.' });
  } finally {
    database.close();
  }
}

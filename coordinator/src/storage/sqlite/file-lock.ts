// One process at a time on a data folder. The lock is a SQLite file held in an exclusive transaction: the system frees it however the process ends.
import { chmodSync } from 'node:fs';
import { fileError, ManyhandsError } from '@manyhands/contract';
import Database from 'better-sqlite3';

export type FileLock = { release(): void };

/** Takes the lock. Throws MH-GEN-008 when another process has it. */
export function lockFile(path: string): FileLock {
  const database = new Database(path, { timeout: 0 });
  try {
    chmodSync(path, 0o600);
    database.pragma('journal_mode = DELETE');
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    const trouble = fileError('lock', path, cause);
    if (trouble.code !== 'MH-GEN-008') throw trouble;
    throw new ManyhandsError('MH-GEN-008', {
      message: `Another coordinator uses this data folder (${path}); stop it or choose another folder.`,
      meta: { path },
      cause,
    });
  }
  return { release: () => database.close() };
}

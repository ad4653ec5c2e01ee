// Who the worker is to its coordinator: kept in the journal, so that its owner can ask when it does not run.
import { existsSync } from 'node:fs';
import { type AccountId, accountIdSchema } from '@manyhands/contract';
import Database from 'better-sqlite3';
import { z } from 'zod';
import type { Journal } from '../../journal/journal.js';

const IDENTITY = 'identity';
const identitySchema = z.object({
  accountId: accountIdSchema,
  /** null: the host takes part without an account. */
  accountLabel: z.string().nullable(),
  pseudonym: z.string(),
});
export type WorkerIdentity = { accountId: AccountId; accountLabel: string | null; pseudonym: string };

/** Keeps what the last welcome said. */
export function keepIdentity(identity: WorkerIdentity, journal: Journal): void {
  const text = JSON.stringify(identitySchema.parse(identity));
  if (journal.meta(IDENTITY) !== text) journal.setMeta(IDENTITY, text);
}

/** Forgets who it was and all that the coordinator gave it to do. Gives the number of results that were not acknowledged. */
export function forgetHost(file: string): number {
  if (!existsSync(file)) return 0;
  const database = new Database(file, { fileMustExist: true });
  try {
    database.pragma('foreign_keys = ON'); // what is saved of a unit goes with it
    return database.transaction(() => {
      const unsent = database.prepare("SELECT count(*) FROM unit WHERE state = 'computed'").pluck().get() as number;
      database.exec('DELETE FROM unit; DELETE FROM lease;');
      database.prepare('DELETE FROM meta WHERE name = ?').run(IDENTITY);
      return unsent;
    })();
  } finally {
    database.close();
  }
}

/** Reads it from a journal that another process may have open. null when there is none. */
export function readIdentity(file: string): WorkerIdentity | null {
  const database = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const row = database.prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?').get(IDENTITY);
    return row ? identitySchema.parse(JSON.parse(row.value)) : null;
  } finally {
    database.close();
  }
}

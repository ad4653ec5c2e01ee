// Opens the journal's SQLite file: durable commits, numbered forward migrations with a backup before each.
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileError, ManyhandsError } from '@manyhands/contract';
import { lineageOf } from '@manyhands/worker-core';
import Database from 'better-sqlite3';
import { MIGRATIONS } from './schema.js';
import { leaseOf } from './unit-row.js';

export type JournalDatabase = Database.Database;

/** The journal of a data folder. */
export function journalFileIn(directory: string): string {
  return join(directory, 'worker.sqlite');
}

/** Throws MH-GEN-007 when a newer version wrote the file, MH-GEN-013 when it cannot be opened. */
export function openDatabase(file: string): JournalDatabase {
  const isNew = !existsSync(file);
  let database: JournalDatabase;
  try {
    database = new Database(file);
    database.pragma('journal_mode = WAL');
  } catch (cause) {
    throw fileError('open the journal', file, cause);
  }
  try {
    // FULL: a result that was journalled survives a power cut.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    database.function('lease_fact', { deterministic: true }, leaseFact);
    migrate(database, file, isNew);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** What migrations read in the record of a lease. */
function leaseFact(record: Uint8Array, name: 'manifestCid' | 'build' | 'base'): string | Buffer | null {
  const lease = leaseOf(record);
  if (name !== 'base') return lease[name];
  const { base } = lineageOf(lease);
  return base && Buffer.from(base);
}

function migrate(database: JournalDatabase, file: string, isNew: boolean): void {
  const version = database.pragma('user_version', { simple: true }) as number;
  if (version > MIGRATIONS.length)
    throw new ManyhandsError('MH-GEN-007', {
      message: `The data folder was written by a newer version of Manyhands (journal ${version}, known up to ${MIGRATIONS.length}). Upgrade this worker.`,
      meta: { found: version, known: MIGRATIONS.length },
    });
  if (version === MIGRATIONS.length) return;
  if (!isNew) {
    database.pragma('wal_checkpoint(TRUNCATE)');
    copyFileSync(file, `${file}.before-${MIGRATIONS.length}`);
  }
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < version) continue;
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}

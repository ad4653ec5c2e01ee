// Brings a database file to the newest version: backs it up first, then runs each missing migration in a transaction of its own.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { ManyhandsError } from '@manyhands/contract';
import type { Database } from 'better-sqlite3';
import type { Migration } from './migration.js';

/** Where the copy of a database of `version` goes before it is migrated. */
export function migrationBackupFile(file: string, version: number): string {
  return `${file}.v${version}.backup`;
}

/**
 * Runs the migrations that `db` lacks and returns its version.
 * Throws MH-GEN-007 when a newer Manyhands wrote the file; nothing is changed then.
 */
export function applyMigrations(db: Database, file: string, migrations: readonly Migration[]): number {
  const found = Number(db.pragma('user_version', { simple: true }));
  const newest = migrations.at(-1)?.version ?? 0;
  if (found > newest)
    throw new ManyhandsError('MH-GEN-007', {
      message: `${file} has version ${found}, this Manyhands knows versions up to ${newest}: upgrade Manyhands`,
      meta: { found, newest },
    });
  const missing = migrations.filter(({ version }) => version > found);
  if (missing.length > 0 && found > 0) backUp(db, migrationBackupFile(file, found));
  for (const { version, sql } of missing)
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${version}`);
    })();
  return newest;
}

function backUp(db: Database, target: string): void {
  const unfinished = `${target}.tmp`;
  if (existsSync(unfinished)) rmSync(unfinished);
  db.prepare('VACUUM INTO ?').run(unfinished);
  renameSync(unfinished, target);
}

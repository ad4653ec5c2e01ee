// A database in a folder of its own for one test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { SqliteDatabase } from '../../src/storage/sqlite/database.js';

const opened: { database: SqliteDatabase; directory: string }[] = [];

/** A fresh database; closed and removed after the test. */
export function testDatabase(): SqliteDatabase {
  const directory = mkdtempSync(join(tmpdir(), 'manyhands-test-'));
  const database = SqliteDatabase.open({ file: join(directory, 'coordinator.sqlite') });
  opened.push({ database, directory });
  return database;
}

afterEach(() => {
  for (const { database, directory } of opened.splice(0)) {
    database.close();
    rmSync(directory, { recursive: true, force: true });
  }
});

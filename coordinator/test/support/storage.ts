// A database in a folder of its own for one test.

import { join } from 'node:path';
import { atEnd, temporaryFolderSync } from '@manyhands/testing';
import { SqliteDatabase } from '../../src/storage/sqlite/database.js';

/** A fresh database; closed and removed after the test. */
export function testDatabase(): SqliteDatabase {
  const database = SqliteDatabase.open({ file: join(temporaryFolderSync(), 'coordinator.sqlite') });
  atEnd(() => database.close());
  return database;
}

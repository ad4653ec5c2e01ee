// The database: group commit, isolation of writes from each other, migrations with a backup first, refusal of newer files.

import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { ManyhandsError } from '@manyhands/contract';
import { temporaryFolderSync } from '@manyhands/testing';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrationBackupFile } from '../../../src/storage/migrations/apply.js';
import { MIGRATIONS } from '../../../src/storage/migrations/index.js';
import { SqliteDatabase } from '../../../src/storage/sqlite/database.js';

const toy = [{ version: 1, sql: 'CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT UNIQUE)' }];
let directory = '';
let file = '';
let open: SqliteDatabase[] = [];

beforeEach(() => {
  directory = temporaryFolderSync();
  file = join(directory, 'coordinator.sqlite');
  open = [];
});
afterEach(() => {
  for (const database of open) database.close();
});

function openDatabase(migrations = toy): SqliteDatabase {
  const database = SqliteDatabase.open({ file, migrations });
  open.push(database);
  return database;
}
const names = (database: SqliteDatabase) =>
  database.read((db) => db.prepare('SELECT name FROM thing ORDER BY id').pluck().all());
const insert = (database: SqliteDatabase, name: string) =>
  database.write((db) => db.prepare('INSERT INTO thing (name) VALUES (?)').run(name).changes);

test('a failing write is undone alone; the others of the same turn are committed', async () => {
  const database = openDatabase();
  let rollbacks = 0;
  database.onRollback(() => rollbacks++);
  const results = await Promise.allSettled([
    insert(database, 'a'),
    database.write((db) => {
      db.prepare("INSERT INTO thing (name) VALUES ('half')").run();
      throw new ManyhandsError('MH-LSE-001');
    }),
    insert(database, 'a'),
    insert(database, 'b'),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: { code: 'MH-LSE-001' } });
  expect(names(database)).toEqual(['a', 'b']);
  expect(rollbacks).toBe(2);
});

test('writes without end let connections in by the dozen for each commit', async () => {
  const database = openDatabase();
  let accepted = 0;
  const server = createServer((socket) => {
    accepted++;
    socket.destroy();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const callers = Array.from({ length: 96 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  let commits = 0;
  for (; accepted < callers.length; commits++) await insert(database, `thing ${commits}`);
  for (const caller of callers) caller.destroy();
  server.close();
  expect(commits, 'commits until all were accepted').toBeLessThan(callers.length / 4);
});

test('a write resolves only when another connection can see it', async () => {
  const database = openDatabase();
  const other = new BetterSqlite3(file, { readonly: true });
  const written = insert(database, 'a');
  expect(other.prepare('SELECT count(*) FROM thing').pluck().get()).toBe(0);
  await written;
  expect(other.prepare('SELECT count(*) FROM thing').pluck().get()).toBe(1);
  other.close();
});

test('a failed commit rejects every write of the transaction', async () => {
  const database = openDatabase();
  await database.write((db) =>
    db.exec('CREATE TABLE child (id INTEGER REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED)'),
  );
  const results = await Promise.allSettled([
    insert(database, 'a'),
    database.write((db) => db.exec('INSERT INTO child VALUES (99)')),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(names(database)).toEqual([]);
  await insert(database, 'b');
  expect(names(database)).toEqual(['b']);
});

test('closing commits what is queued; later writes reject', async () => {
  const database = openDatabase();
  const written = insert(database, 'a');
  database.close();
  await written;
  await expect(insert(database, 'b')).rejects.toMatchObject({ code: 'MH-GEN-001' });
  expect(names(openDatabase())).toEqual(['a']);
});

test('an older file is backed up, then migrated forward', async () => {
  const first = openDatabase();
  await insert(first, 'kept');
  first.close();
  const second = openDatabase([...toy, { version: 2, sql: "ALTER TABLE thing ADD COLUMN colour TEXT DEFAULT 'red'" }]);
  expect(second.read((db) => db.prepare('SELECT name, colour FROM thing').get())).toEqual({
    name: 'kept',
    colour: 'red',
  });
  const copy = new BetterSqlite3(migrationBackupFile(file, 1));
  expect(copy.pragma('user_version', { simple: true })).toBe(1);
  expect(copy.prepare('SELECT name FROM thing').pluck().all()).toEqual(['kept']);
  copy.close();
});

test('a migration that fails leaves the version before it, with all data', async () => {
  const first = openDatabase();
  await insert(first, 'kept');
  first.close();
  const broken = [...toy, { version: 2, sql: 'CREATE TABLE second (id INTEGER); SELECT nothing FROM nowhere' }];
  expect(() => openDatabase(broken)).toThrow();
  const again = openDatabase();
  expect(names(again)).toEqual(['kept']);
  expect(again.read((db) => db.pragma('user_version', { simple: true }))).toBe(1);
});

test('a file of a newer version is refused and not touched', () => {
  const newer = new BetterSqlite3(file);
  newer.exec('CREATE TABLE future (id INTEGER)');
  newer.pragma('user_version = 99');
  newer.close();
  expect(() => openDatabase(toy)).toThrow(expect.objectContaining({ code: 'MH-GEN-007' }));
  expect(existsSync(migrationBackupFile(file, 99))).toBe(false);
});

test('the released migrations run on an empty file and are numbered without gaps', () => {
  expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  const database = SqliteDatabase.open({ file });
  open.push(database);
  expect(database.read((db) => db.pragma('user_version', { simple: true }))).toBe(MIGRATIONS.length);
});

test('an online backup is a whole database', async () => {
  const database = openDatabase();
  await insert(database, 'a');
  const target = join(directory, 'copy.sqlite');
  await database.backup(target);
  await insert(database, 'b');
  const copy = new BetterSqlite3(target, { readonly: true });
  expect(copy.prepare('SELECT name FROM thing').pluck().all()).toEqual(['a']);
  copy.close();
});

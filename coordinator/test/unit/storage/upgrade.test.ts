// A data folder of the version before opens: what was earned stays, what hosts cannot run any more has ended.

import { join } from 'node:path';
import { temporaryFolderSync } from '@manyhands/testing';
import { beforeEach, expect, test } from 'vitest';
import { SqliteBatches } from '../../../src/storage/sqlite/batches.js';
import { SqliteDatabase } from '../../../src/storage/sqlite/database.js';
import { LedgerQueries } from '../../../src/storage/sqlite/ledger-queries.js';
import { bytesOf } from '../../support/bundles.js';
import { openCore } from '../../support/core.js';
import { writeOldDatabase } from '../../support/old-database.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolderSync();
  file = join(folder, 'coordinator.sqlite');
  writeOldDatabase(file);
});

test('credit of the flat basis stays, and the balance equals the ledger', () => {
  const database = SqliteDatabase.open({ file });
  const queries = database.read((db) => new LedgerQueries(db));
  expect(queries.totalMilli()).toBe(2000);
  const rows = database.read((db) => db.prepare('SELECT basis, amount_milli, fuel FROM ledger').all());
  expect(rows).toEqual([
    { basis: 'flat-v0', amount_milli: 1000, fuel: null },
    { basis: 'flat-v0', amount_milli: 1000, fuel: null },
  ]);
  expect(database.read((db) => db.prepare('PRAGMA foreign_key_check').all())).toEqual([]);
  database.close();
});

test('app versions of the engine before are stopped, and their batches are to be ended', () => {
  const database = SqliteDatabase.open({ file });
  const batches = new SqliteBatches(database);
  expect(batches.listActive()).toEqual([]);
  expect(batches.listStopped()).toMatchObject([{ rowId: 1, firstBuild: null, fuelMaximum: null }]);
  database.close();
});

test('accepted results are still handed out; the batch ends with what it has', async () => {
  const core = await openCore({ folder });
  expect(await bytesOf(await core.results.readBundle('00'.repeat(32)))).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
  await core.endings.end(1, 'MH-VAL-006');
  expect(core.units.counts(1)).toMatchObject({ accepted: 1, failed: 2, running: 0 });
  expect(core.units.unit(1, 0)).toMatchObject({
    state: 'accepted',
    replicas: [{ state: 'agreed', fuel: null }, { state: 'agreed' }],
  });
  expect(core.credits.total()).toBe(2000);
  core.close();
});

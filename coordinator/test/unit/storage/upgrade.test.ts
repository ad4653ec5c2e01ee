// A data folder of the version before opens: what was earned stays, what hosts cannot run any more has ended.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectsMigration } from '../../../src/storage/migrations/0001-projects.js';
import { unitsMigration } from '../../../src/storage/migrations/0002-units.js';
import { SqliteBatches } from '../../../src/storage/sqlite/batches.js';
import { SqliteDatabase } from '../../../src/storage/sqlite/database.js';
import { LedgerQueries } from '../../../src/storage/sqlite/ledger-queries.js';
import { unitIdOf } from '../../../src/storage/sqlite/units.js';
import { openCore } from '../../support/core.js';

/** What a coordinator of the version before had: a batch with an accepted unit, one being computed and one untouched. */
const CONTENT = `
INSERT INTO project VALUES (1, 'proj_a', 'a', 'A', '', '', x'00', x'00', 'active', 1, 0);
INSERT INTO block_holder VALUES (1, 1), (2, 1);
INSERT INTO app_version VALUES (1, 'app_a', 1, 'program', x'00', 'bafkmodule', 100, 65536, 1000, 'ready', NULL, 1, 1);
INSERT INTO batch VALUES (1, 'batch_a', 1, 1, 'batch', x'00', 'bafkmanifest', x'00', 0, 2, 0, NULL, 3, 60000, 1000, NULL, 2, 'open', 1, NULL, NULL);
INSERT INTO account VALUES (1, 'acct_a', 'ann', NULL, NULL, 1, NULL), (2, 'acct_b', 'bob', NULL, NULL, 1, NULL);
INSERT INTO host (id, host_id, public_key, pseudonym, account_row_id, first_seen_ms, last_seen_ms) VALUES (1, 'host_a', x'01', 'one', 1, 1, 1), (2, 'host_b', x'02', 'two', 2, 1, 1);
INSERT INTO batch_work (batch_row_id, project_row_id, unit_count, quorum, fresh_index, next_sequence, running, accepted, replicas_leased, replicas_reported, replicas_agreed)
  VALUES (1, 1, 3, 2, 2, 1, 1, 1, 3, 2, 2);
INSERT INTO unit VALUES (${unitIdOf(1, 0)}, 2, 0, 0, 2, 0, 1, NULL), (${unitIdOf(1, 1)}, 0, 1, 1, 1, 0, NULL, NULL);
INSERT INTO replica VALUES (${unitIdOf(1, 0)}, 1, 1, 1, 1, zeroblob(32), 5, 1, 9, 0), (${unitIdOf(1, 0)}, 2, 2, 2, 1, zeroblob(32), 5, NULL, 9, 0),
  (${unitIdOf(1, 1)}, 1, 1, 1, 0, NULL, NULL, NULL, NULL, 0);
INSERT INTO lease VALUES (1, 'lease_a', 1, 1, 1, 1, 99999999, 1000, 1, '[[0,2]]'), (2, 'lease_b', 2, 2, 1, 1, 2, 1000, 0, '[[0,1]]');
INSERT INTO bundle VALUES (1, x'0102030405');
INSERT INTO result VALUES (0, ${unitIdOf(1, 0)});
INSERT INTO outcome VALUES (1, 0, 0, 1, 5, NULL);
INSERT INTO ledger (at_ms, account_row_id, host_row_id, batch_row_id, basis, replicas, amount_milli, units)
  VALUES (5, 1, 1, 1, 'flat-v0', 1, 1000, '[[0,1]]'), (5, 2, 2, 1, 'flat-v0', 1, 1000, '[[0,1]]');
INSERT INTO balance VALUES (1, 1, 1, 1000, 1), (1, 2, 2, 1000, 1);
`;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manyhands-upgrade-'));
  file = join(folder, 'coordinator.sqlite');
  const old = new BetterSqlite3(file);
  for (const { version, sql } of [projectsMigration, unitsMigration]) {
    old.exec(sql);
    old.pragma(`user_version = ${version}`);
  }
  old.exec(CONTENT);
  old.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

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
  expect(await core.results.readBundle('00'.repeat(32))).toEqual(Buffer.from([1, 2, 3, 4, 5]));
  await core.endings.end(1, 'MH-VAL-006');
  expect(core.units.counts(1)).toMatchObject({ accepted: 1, failed: 2, running: 0 });
  expect(core.units.unit(1, 0)).toMatchObject({
    state: 'accepted',
    replicas: [{ state: 'agreed', fuel: null }, { state: 'agreed' }],
  });
  expect(core.credits.total()).toBe(2000);
  core.close();
});

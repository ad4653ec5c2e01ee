// A database of version 3 in the middle of its work: what is kept from version 4 on is what counting everything gives.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolderSync } from '@manyhands/testing';
import BetterSqlite3 from 'better-sqlite3';
import { beforeEach, expect, test } from 'vitest';
import { migrationBackupFile } from '../../../src/storage/migrations/apply.js';
import { openCore, unitFailure } from '../../support/core.js';
import { takeAwayLapses } from '../../support/old-database.js';
import { expectStoriesToAddUp } from '../../support/story-checks.js';
import { indexesOf } from '../../support/test-host.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolderSync();
  file = join(folder, 'coordinator.sqlite');
});

/** Open, cancelled and complete batches of two projects, with answers that wait, failures and leases. */
async function live(): Promise<void> {
  const core = await openCore({ folder });
  for (const [batchRowId, projectRowId] of [
    [1, 1],
    [2, 1],
    [3, 2],
  ] as const)
    await core.addBatch({ batchRowId, projectRowId, unitCount: 12 });
  for (const word of ['ann/a', 'bob', 'ann/b', 'cid']) {
    core.clock.nowMs += 90_000;
    const host = await core.host(word);
    for (const lease of await core.lease(host, 9)) {
      const [first = 0, ...others] = indexesOf(lease);
      await core.report(host, lease, { failures: [unitFailure(first)] });
      await core.report(host, lease, { indexes: others.slice(0, 4) });
    }
  }
  await core.endings.end(2, 'MH-VAL-005');
  core.close();
}

/** Takes away what came after version 3. */
function makeOld(): void {
  const db = new BetterSqlite3(file);
  takeAwayLapses(db);
  db.exec('DROP INDEX unit_failed');
  for (const table of ['project_work', 'batch_hand', 'project_hand', 'batch_host', 'project_host', 'batch_story'])
    db.exec(`DROP TABLE ${table}`);
  for (const column of ['cancelled', 'expired', 'stopped']) db.exec(`ALTER TABLE batch_work DROP COLUMN ${column}`);
  const texts = ['input_licence', 'result_licence', 'contact', 'run_by', 'texts_sequence', 'texts', 'is_invited'];
  for (const column of texts) db.exec(`ALTER TABLE project DROP COLUMN ${column}`);
  db.pragma('user_version = 3');
  db.close();
}

test('everything is filled once, after a backup, and goes on from there', async () => {
  await live();
  const before = new BetterSqlite3(file);
  const stories = before.prepare('SELECT * FROM batch_story ORDER BY 1').all();
  const hands = before.prepare('SELECT * FROM batch_hand ORDER BY 1, 2').all();
  before.close();
  expect(stories.length).toBeGreaterThan(0);
  makeOld();
  const core = await openCore({ folder });
  expect(existsSync(migrationBackupFile(file, 3))).toBe(true);
  expectStoriesToAddUp(core.database);
  const all = (sql: string): unknown[] => core.database.read((db) => db.prepare(sql).all());
  expect(all('SELECT * FROM batch_story ORDER BY 1')).toEqual(stories);
  expect(all('SELECT * FROM batch_hand ORDER BY 1, 2')).toEqual(hands);
  expect(core.units.counts(2).ended.expired).toBeGreaterThan(0);
  for (const [batchRowId, projectRowId] of [
    [1, 1],
    [3, 2],
  ] as const)
    await core.addBatch({ batchRowId, projectRowId, unitCount: 12 });
  for (const word of ['dan', 'eve', 'fay']) {
    const host = await core.host(word);
    for (const lease of await core.lease(host, 16)) await core.report(host, lease);
  }
  expectStoriesToAddUp(core.database);
  core.close();
});

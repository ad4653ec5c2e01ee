// A database of version 7 in the middle of its work: a key that spoke under two accounts keeps one vote, and everything else goes on.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolderSync } from '@manyhands/testing';
import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrationBackupFile } from '../../../src/storage/migrations/apply.js';
import { unitIdOf } from '../../../src/storage/sqlite/units.js';
import { openCore } from '../../support/core.js';
import { takeAwayFoundings } from '../../support/old-database.js';
import { expectStoriesToAddUp } from '../../support/story-checks.js';
import { indexesOf } from '../../support/test-host.js';

const BATCH = { batchRowId: 1, unitCount: 6, quorum: 3 };

test('one host with two votes has one after the upgrade; what others said and hold stays', async () => {
  const folder = temporaryFolderSync();
  const file = join(folder, 'coordinator.sqlite');
  const old = await openCore({ folder });
  await old.addBatch(BATCH);
  const [ann, bob, cid] = [await old.host('ann'), await old.host('bob'), await old.host('cid')];
  for (const host of [ann, bob]) for (const lease of await old.lease(host, 2)) await old.report(host, lease);
  const [open] = await old.lease(cid, 2);
  old.close();
  const db = new BetterSqlite3(file);
  takeAwayFoundings(db);
  // In the version before, Bob's votes could be those of Ann's computer.
  db.prepare('UPDATE replica SET host_row_id = ? WHERE host_row_id = ?').run(ann.hostRowId, bob.hostRowId);
  db.pragma('user_version = 7');
  db.close();

  const core = await openCore({ folder });
  expect(existsSync(migrationBackupFile(file, 7))).toBe(true);
  expectStoriesToAddUp(core.database);
  const first = unitIdOf(1, 0);
  const [row] = core.store.units.span(first, first);
  expect(row?.slice(1, 5), 'open, one more is wanted, one runs, two attempts').toEqual([0, 1, 1, 2]);
  const votes = core.store.replicas.span(first, first).filter(([, , , , state]) => state === 1);
  expect(votes).toHaveLength(1);
  await core.addBatch(BATCH);
  if (!open) throw new Error('no lease');
  await core.host('cid');
  expect(await core.report(cid, open), 'a lease of before is reported under').toHaveLength(indexesOf(open).length);
  expect(core.units.counts(1)).toMatchObject({ accepted: 0, failed: 0 });
  for (const word of ['dan', 'eve']) {
    const host = await core.host(word);
    for (const lease of await core.lease(host, 2)) await core.report(host, lease);
  }
  expect(core.units.counts(1)).toMatchObject({ accepted: 2 });
  core.close();
});

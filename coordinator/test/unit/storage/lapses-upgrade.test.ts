// A database of version 4 in the middle of its work: penalties for leases that ran out vanish, what truly failed stays.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolderSync } from '@manyhands/testing';
import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrationBackupFile } from '../../../src/storage/migrations/apply.js';
import { unitIdOf } from '../../../src/storage/sqlite/units.js';
import { hostFailure, openCore, type TestCore } from '../../support/core.js';
import { takeAwayLapses } from '../../support/old-database.js';
import { expectStoriesToAddUp } from '../../support/story-checks.js';
import { indexesOf } from '../../support/test-host.js';

const batch = { batchRowId: 1, unitCount: 12 };
const wantedOf = (core: TestCore): (number | undefined)[][] =>
  core.store.units
    .span(unitIdOf(1, 0), unitIdOf(1, 11))
    .map(([, , wanted, running, attempts]) => [wanted, running, attempts]);

test('a laptop that slept before the upgrade is at work again, and its units are tried as long as any', async () => {
  const folder = temporaryFolderSync();
  const file = join(folder, 'coordinator.sqlite');
  const old = await openCore({ folder });
  await old.addBatch(batch);
  const [ann, bob] = [await old.host('ann'), await old.host('bob')];
  for (const lease of await old.lease(bob, 6)) {
    await old.report(bob, lease, { failures: [hostFailure(0)] });
    await old.report(bob, lease, { indexes: indexesOf(lease).slice(1, 3) });
  }
  await old.lease(ann, 6);
  const healthy = wantedOf(old);
  old.close();
  const db = new BetterSqlite3(file);
  takeAwayLapses(db);
  db.exec('UPDATE host SET failure_streak = 18, work_not_before_ms = 9000000, failed_replicas = failed_replicas + 18');
  db.exec('UPDATE unit SET attempts = attempts + 5, wanted = max(0, min(wanted, 8 - attempts - 5)) WHERE phase = 0');
  db.pragma('user_version = 4');
  db.close();

  const core = await openCore({ folder });
  expect(existsSync(migrationBackupFile(file, 4))).toBe(true);
  expectStoriesToAddUp(core.database);
  expect(
    core.hosts
      .list({ limit: 10 })
      .rows.map(({ hostId, failedReplicas }) => [hostId, failedReplicas])
      .sort(),
  ).toEqual(
    [
      [ann.hostId, 0],
      [bob.hostId, 1],
    ].sort(),
  );
  expect(wantedOf(core)).toEqual(healthy);
  await core.addBatch(batch);
  expect((await core.lease(await core.host('ann'), 4)).flatMap(indexesOf)).toHaveLength(4);
  expect((await core.lease(await core.host('bob'), 4)).flatMap(indexesOf)).toHaveLength(4);
  core.close();
});

// A database of version 7 in the middle of its work: sums are right at once, facts of results and the leaderboard come in the background.
import { join } from 'node:path';
import { temporaryFolderSync, until } from '@manyhands/testing';
import BetterSqlite3 from 'better-sqlite3';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { FactsOfEarlierResults } from '../../../src/core/validation/facts-of-earlier-results.js';
import { openCore } from '../../support/core.js';
import { takeAwayFoundings } from '../../support/old-database.js';
import { bundleOf, indexesOf } from '../../support/test-host.js';

const silent = pino({ level: 'silent' });
/** Too large for a row, and for a list. */
const LARGE = 'x'.repeat(20_000);

test('what lists show of earlier results is noted, and on from where it was', async () => {
  const folder = temporaryFolderSync();
  const old = await openCore({ folder });
  await old.addBatch({ batchRowId: 1, unitCount: 130, quorum: 1 });
  const ann = await old.host('ann');
  for (let leases = await old.lease(ann, 64); leases.length > 0; leases = await old.lease(ann, 64))
    for (const lease of leases) {
      const [large, ...others] = indexesOf(lease);
      await old.report(ann, lease, { indexes: others });
      await old.report(ann, lease, { indexes: [large ?? 0], bytes: () => LARGE, isInline: false });
      await old.results.putBundle(ann.publicKey, lease.leaseId, large ?? 0, bundleOf(LARGE).bundle);
    }
  const outcomes = old.units.outcomes(1, { after: -1, limit: 200, hasStdout: true });
  const board = old.sums.top('accounts', 'recent', 10);
  const [credit, summary] = [old.credits.total(), old.units.summary(1)];
  old.close();
  expect(outcomes.filter(({ stdout }) => stdout?.startsWith('answer')).length).toBeGreaterThan(100);
  expect(outcomes.some(({ stdout, exitCode }) => stdout === null && exitCode === 0)).toBe(true);
  const db = new BetterSqlite3(join(folder, 'coordinator.sqlite'));
  takeAwayFoundings(db);
  db.pragma('user_version = 7');
  db.close();

  let core = await openCore({ folder });
  expect(core.credits.total()).toBe(credit);
  expect(core.units.summary(1)).toEqual(summary);
  expect(core.sums.top('accounts', 'recent', 10)).toEqual(board);
  for (let starts = 0; core.store.progress.position('bundles') > 1; starts++) {
    const before = core.store.progress.position('bundles');
    const facts = new FactsOfEarlierResults(core.store, core.options, silent);
    facts.onApplicationBootstrap();
    await until('a slice', () => core.store.progress.position('bundles') < before);
    await facts.onModuleDestroy();
    core.close();
    core = await openCore({ folder });
    expect(starts).toBeLessThan(10);
  }
  const facts = new FactsOfEarlierResults(core.store, core.options, silent);
  facts.onApplicationBootstrap();
  await until('all folders', () => core.store.progress.position('result-files') === 256);
  await facts.onModuleDestroy();
  while (await core.sums.fold());
  expect(core.units.outcomes(1, { after: -1, limit: 200, hasStdout: true })).toEqual(outcomes);
  expect(core.sums.top('accounts', 'recent', 10)).toEqual(board);
  core.close();
});

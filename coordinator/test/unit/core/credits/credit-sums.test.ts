// The sums of the ledger that leaderboards show: what was folded and what was not yet add up to the ledger at every moment, and hours cease to be recent.
import { expect, test } from 'vitest';
import { firstRecentHour, hourOf } from '../../../../src/core/credits/domain/recent-hours.js';
import { openCore, type TestCore, withFolder } from '../../../support/core.js';

const DAY_MS = 24 * 60 * 60_000;

type Sum = { id: number; credit: number; replicas: number };
const ledgerOf = (core: TestCore, column: string, sinceMs = 0): Sum[] =>
  core.database.read(
    (db) =>
      db
        .prepare(
          `SELECT ${column} AS id, sum(amount_milli) AS credit, sum(replicas) AS replicas FROM ledger WHERE at_ms >= ? GROUP BY 1 ORDER BY 1`,
        )
        .all(sinceMs) as Sum[],
  );
const sumsOf = (core: TestCore, kind: 'accounts' | 'hosts', period: 'total' | 'recent'): Sum[] =>
  core.sums
    .top(kind, period, 100)
    .map(({ rowId, creditMilli, replicas }) => ({ id: rowId, credit: creditMilli, replicas }))
    .sort((left, right) => left.id - right.id);

function expectSums(core: TestCore): void {
  const sinceMs = firstRecentHour(core.clock.nowMs) * 3_600_000;
  expect(sumsOf(core, 'accounts', 'total')).toEqual(ledgerOf(core, 'account_row_id'));
  expect(sumsOf(core, 'hosts', 'total')).toEqual(ledgerOf(core, 'host_row_id'));
  expect(sumsOf(core, 'accounts', 'recent')).toEqual(ledgerOf(core, 'account_row_id', sinceMs));
  expect(sumsOf(core, 'hosts', 'recent')).toEqual(ledgerOf(core, 'host_row_id', sinceMs));
}

test('folded or not, the sums are those of the ledger, in total and of the last seven days', async () => {
  await withFolder(async (folder) => {
    const core = await openCore({ folder, isInMemory: true });
    core.clock.nowMs = 100 * DAY_MS;
    await core.addBatch({ batchRowId: 1, unitCount: 60, quorum: 1 });
    const hosts = [await core.host('ann/laptop'), await core.host('ann/tower'), await core.host('bob/box')];
    for (let day = 0; day < 10; day++) {
      for (const host of hosts) for (const lease of await core.lease(host, 2)) await core.report(host, lease);
      expectSums(core);
      if (day % 3 === 0) while (await core.sums.fold());
      expectSums(core);
      core.clock.nowMs += DAY_MS;
      while (await core.sums.fold());
      expectSums(core);
    }
    core.clock.nowMs += 8 * DAY_MS;
    while (await core.sums.fold());
    expect(core.credits.leaderboard('accounts', 'recent', 10)).toEqual([]);
    expect(core.credits.leaderboard('accounts', 'total', 10)).toMatchObject([
      { rank: 1, name: 'ann', hosts: 2, acceptedReplicas: 40, creditMilli: 40_000 },
      { rank: 2, name: 'bob', hosts: 1, acceptedReplicas: 20 },
    ]);
    expect(core.credits.accountCredit(hosts[0]?.accountRowId ?? 0)).toBe(40_000);
    expect(core.credits.total()).toBe(60_000);
    expect(core.units.summary(1).creditMilli).toBe(60_000);
    core.close();
  });
});

test('the last seven days are counted to the hour', () => {
  const nowMs = 1000 * DAY_MS + 1_234_567;
  expect(firstRecentHour(nowMs)).toBe(hourOf(nowMs) - 7 * 24 + 1);
});

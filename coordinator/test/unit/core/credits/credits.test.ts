// Credit as people see it, and that the ledger can only grow.
import { expect, test } from 'vitest';
import { CREDIT_BASIS } from '../../../../src/core/credits/domain/grants.js';
import { FUEL, openCore, withFolder } from '../../../support/core.js';

test('leaderboards rank accounts and hosts, in total and of late', async () => {
  await withFolder(async (folder) => {
    const core = await openCore({ folder, isInMemory: true });
    await core.addBatch({ batchRowId: 1, unitCount: 4 });
    const hosts = [await core.host('ann/laptop'), await core.host('ann/tower'), await core.host('bob/box')];
    const finish = async () => {
      for (const host of hosts) for (const lease of await core.lease(host, 2)) await core.report(host, lease);
    };
    await finish();
    core.clock.nowMs += 8 * 24 * 60 * 60_000;
    await core.leases.expireOverdue();
    await finish();
    await finish();
    expect(core.units.counts(1).accepted).toBe(4);
    expect(core.credits.total()).toBe(8000);
    expect(core.credits.leaderboard('accounts', 'total', 10)).toMatchObject([
      { rank: 1, name: expect.stringMatching(/ann|bob/), creditMilli: 4000, acceptedReplicas: 4 },
      { rank: 2, creditMilli: 4000 },
    ]);
    const byHost = core.credits.leaderboard('hosts', 'total', 10);
    expect(byHost.reduce((sum, { creditMilli }) => sum + creditMilli, 0)).toBe(8000);
    const recent = core.credits.leaderboard('accounts', 'recent', 10).reduce((sum, row) => sum + row.creditMilli, 0);
    expect(recent).toBeGreaterThan(0);
    expect(recent).toBeLessThan(8000);
    expect(core.credits.leaderboard('accounts', 'total', 1)).toHaveLength(1);
    core.close();
  });
});

test('the ledger refuses to change or lose a row', async () => {
  await withFolder(async (folder) => {
    const core = await openCore({ folder, isInMemory: true });
    await core.addBatch({ batchRowId: 1, unitCount: 1, quorum: 1 });
    const host = await core.host('ann');
    for (const lease of await core.lease(host)) await core.report(host, lease);
    const rows = core.database.read((db) =>
      db.prepare('SELECT basis, replicas, amount_milli, fuel, units FROM ledger').all(),
    );
    expect(rows).toEqual([{ basis: CREDIT_BASIS, replicas: 1, amount_milli: 1000, fuel: FUEL, units: '[[0,1]]' }]);
    for (const sql of ['UPDATE ledger SET amount_milli = 9', 'DELETE FROM ledger'])
      await expect(core.database.write((db) => db.exec(sql))).rejects.toThrow('append-only');
    core.close();
  });
});

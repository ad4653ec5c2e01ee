// What hosts must say alike, over the real database: fuel, builds, chains, and the credit that follows.
import type { Lease } from '@manyhands/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CoreHost, FUEL, needsAll, openCore, type TestCore, unitFailure } from '../../../support/core.js';

let core: TestCore;
beforeEach(async () => {
  core = await openCore({ folder: '/nowhere', isInMemory: true });
});
afterEach(() => core.close());

const one = async (host: CoreHost): Promise<Lease> => {
  const [lease] = await core.lease(host, 1);
  if (!lease) throw new Error(`no work for ${host.word}`);
  return lease;
};
const ledger = () =>
  core.database.read((db) =>
    db
      .prepare(
        'SELECT host.id AS host, sum(fuel) AS fuel, sum(amount_milli) AS milli, sum(replicas) AS replicas FROM ledger JOIN host ON host.id = ledger.host_row_id GROUP BY 1',
      )
      .all(),
  );

test('a unit that needs the other build is leased with it, without a failure', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 3 });
  const [ann, bob] = [await core.host('ann'), await core.host('bob')];
  const [lease] = (await core.lease(ann, 3)) as [Lease];
  expect(await core.report(ann, lease, { failures: [needsAll(1)] })).toEqual([[1, 'settled', null]]);
  expect(await core.report(ann, lease, { failures: [needsAll(1)] }), 'again').toEqual([[1, 'settled', 'MH-RCP-001']]);
  const [all] = (await core.lease(ann, 3)) as [Lease];
  expect(all).toMatchObject({ build: 'all', ranges: [[1, 1]], checkpoint: null });
  const both = await core.lease(bob, 3);
  expect(both.map(({ build, ranges }) => [build, ranges])).toEqual([
    ['all', [[1, 1]]],
    [
      'nonleaf',
      [
        [0, 1],
        [2, 1],
      ],
    ],
  ]);
  await core.report(ann, lease, { indexes: [0, 2] });
  await core.report(ann, all);
  for (const each of both) await core.report(bob, each);
  expect(core.units.counts(1).accepted).toBe(3);
  expect(core.hosts.list({ limit: 10 }).rows.map(({ failedReplicas }) => failedReplicas)).toEqual([0, 0]);
  expect(core.units.unit(1, 1)?.replicas.map(({ build }) => build)).toEqual(['all', 'all']);
});

test('the build that yields everywhere cannot need another one', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1 });
  const ann = await core.host('ann');
  await core.report(ann, await one(ann), { failures: [needsAll(0)] });
  const all = await one(ann);
  await core.report(ann, all, { failures: [needsAll(0)] });
  expect(core.units.unit(1, 0)?.replicas).toMatchObject([{ state: 'failed', code: 'MH-HOST-005' }]);
});

test('receipts for another app version, build or manifest are refused whole', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1 });
  const ann = await core.host('ann');
  const lease = await one(ann);
  for (const wrong of [{ build: 'all' }, { appVersionId: `app_${'a'.repeat(52)}` }] as Partial<Lease>[])
    expect(await core.report(ann, { ...lease, ...wrong })).toEqual([[0, 'refused', 'MH-RCP-005']]);
  expect(core.units.counts(1).running).toBe(1);
});

test('hosts agree when fuel and result are the same; fuel beyond the limit is nobody’s result', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1 }, { fuelMaximum: 2 * FUEL });
  const [ann, bob, cid, dan] = [
    await core.host('ann'),
    await core.host('bob'),
    await core.host('cid'),
    await core.host('dan'),
  ];
  await core.report(ann, await one(ann), { fuel: () => FUEL });
  await core.report(bob, await one(bob), { fuel: () => FUEL + 1 });
  expect(core.units.counts(1).accepted).toBe(0);
  expect(await core.report(cid, await one(cid), { fuel: () => 2 * FUEL + 1 })).toEqual([[0, 'refused', 'MH-RCP-005']]);
  await core.report(dan, await one(dan), { fuel: () => FUEL });
  expect(core.units.outcomes(1, { after: -1, limit: 1 })).toMatchObject([{ state: 'accepted', fuel: FUEL }]);
  expect(
    core.units
      .unit(1, 0)
      ?.replicas.map(({ state, fuel, chainRoot, engine }) => [state, fuel, chainRoot?.length, engine])
      .sort(),
  ).toEqual([
    ['agreed', FUEL, 64, 'test'],
    ['agreed', FUEL, 64, 'test'],
    ['disagreed', FUEL + 1, 64, 'test'],
    ['failed', null, undefined, null],
  ]);
});

test('unit failures agree by code, exit code and fuel; who runs out of fuel has used all of it', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1 }, { fuelMaximum: FUEL });
  const [ann, bob, cid] = [await core.host('ann'), await core.host('bob'), await core.host('cid')];
  const outOfFuel = (fuel: number) => ({ ...unitFailure(0), code: 'MH-UNIT-008', exitCode: null, fuel });
  expect(await core.report(ann, await one(ann), { failures: [outOfFuel(FUEL - 1)] })).toEqual([
    [0, 'refused', 'MH-RCP-005'],
  ]);
  await core.report(bob, await one(bob), { failures: [outOfFuel(FUEL)] });
  await core.report(cid, await one(cid), { failures: [outOfFuel(FUEL)] });
  const failed = { state: 'failed', code: 'MH-VAL-001', cause: 'MH-UNIT-008', fuel: FUEL };
  expect(core.units.outcomes(1, { after: -1, limit: 1 })).toMatchObject([failed]);
});

test('equal results with different chains of one build are noted, those of two builds are not', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 3 });
  const [ann, bob] = [await core.host('ann'), await core.host('bob')];
  const other = new Uint8Array(32).fill(9);
  const [mine] = (await core.lease(ann, 3)) as [Lease];
  await core.report(ann, mine, { indexes: [0] });
  await core.report(ann, mine, { indexes: [1, 2] });
  const [theirs] = (await core.lease(bob, 3)) as [Lease];
  await core.report(bob, theirs, { indexes: [0], chainRoot: other });
  await core.report(bob, theirs, { failures: [needsAll(1)] });
  await core.report(bob, theirs, { indexes: [2] });
  await core.report(bob, await one(bob), { chainRoot: other });
  expect(core.units.counts(1).accepted).toBe(3);
  expect(core.store.chainDisputes.count()).toBe(1);
  expect(
    core.database.read((db) => db.prepare('SELECT unit_id % 1048576 AS at, build FROM chain_dispute').all()),
  ).toEqual([{ at: 0, build: 'nonleaf' }]);
});

test('credit is what the sum of a host’s fuel is worth, at most the cap for each replica', async () => {
  await core.addBatch(
    { batchRowId: 1, unitCount: 7, quorum: 1 },
    { fuelPerCobblestone: 3000, creditPerReplicaMaximumMilli: 50 },
  );
  const ann = await core.host('ann');
  for (let count = 0; count < 7; count++)
    await core.report(ann, await one(ann), { fuel: (index) => (index === 6 ? 1e6 : 2) });
  // 6 x 2 fuel and the cap of 150 fuel, at 3 fuel a milli-cobblestone: one by one the twos would be worth nothing.
  expect(ledger()).toEqual([{ host: ann.hostRowId, fuel: 162, milli: 54, replicas: 7 }]);
  expect(core.credits.total()).toBe(54);
});

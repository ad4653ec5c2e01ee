// Leases over the real database: what is given out to whom, how it ends, and what a restart does to it.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CoreHost, hostFailure, openCore, type TestCore } from '../../support/core.js';
import { indexesOf } from '../../support/test-host.js';

let core: TestCore;
beforeEach(async () => {
  core = await openCore({ folder: '/nowhere', isInMemory: true });
});
afterEach(() => core.close());

const later = async (host: CoreHost, more = {}) => {
  const answer = await core.ask(host, 16, more);
  return 'later' in answer ? answer.later : { code: 'work' };
};
const leasedBy = async (host: CoreHost, count = 16) => (await core.lease(host, count)).flatMap(indexesOf);

test('an account gets a unit once, a second account gets the same one, a third nothing', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 3 });
  const [laptop, tower] = [await core.host('ann/laptop'), await core.host('ann/tower')];
  expect(await leasedBy(laptop)).toEqual([0, 1, 2]);
  expect(await later(tower)).toMatchObject({ code: 'MH-LTR-002', openUnitCount: 3 });
  expect(await leasedBy(await core.host('bob'))).toEqual([0, 1, 2]);
  expect(await later(await core.host('cid'))).toMatchObject({ code: 'MH-LTR-001', openUnitCount: 3 });
});

test('every refusal has its reason', async () => {
  const host = await core.host('ann');
  expect(await later(host)).toMatchObject({ code: 'MH-LTR-001', openUnitCount: 0 });
  await core.addBatch({ batchRowId: 1, unitCount: 3, memoryMaximumBytes: 2 ** 20, expectedDurationMs: 60_000 });
  expect(await later(host, { memoryBytes: 2 ** 19 })).toMatchObject({ code: 'MH-LTR-003', openUnitCount: 3 });
  expect(await later(host, { availableMs: 1000 })).toMatchObject({ code: 'MH-LTR-004', openUnitCount: 3 });
  expect(await later(host, { projectIds: ['proj_other'] })).toMatchObject({ code: 'MH-LTR-001', openUnitCount: 0 });
  core.disk.isFull = true;
  expect(await later(host)).toMatchObject({ code: 'MH-LTR-005', openUnitCount: 3 });
  core.disk.isFull = false;
  expect((await later(host)).code).toBe('work');
});

test('a host has a bounded number of open units', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 100_000, expectedDurationMs: 1 });
  const host = await core.host('ann');
  let open = 0;
  for (let count = 0; count < 10; count++) open += (await leasedBy(host, 256)).length;
  expect(open).toBe(1024);
  expect(await later(host)).toMatchObject({ code: 'MH-LTR-006' });
});

test('a lease that runs out reopens its units, also for the account that let it run out', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 2 });
  const [ann, bob] = [await core.host('ann'), await core.host('bob')];
  await leasedBy(ann);
  core.clock.nowMs += 29_000;
  await core.leases.expireOverdue();
  expect((await later(ann)).code).toBe('MH-LTR-002');
  core.clock.nowMs += 2000;
  await core.leases.expireOverdue();
  expect(await leasedBy(bob)).toEqual([0, 1]);
  expect(await leasedBy(ann), 'the first of them').toEqual([0]);
});

test('renewing extends a lease; leases that have ended are not named', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 2 });
  const ann = await core.host('ann');
  const bob = await core.host('bob');
  const [lease] = await core.lease(ann, 1);
  const [other] = await core.lease(bob, 1);
  if (!lease || !other) throw new Error('no leases');
  core.clock.nowMs += 29_000;
  const holder = { ...ann, cores: 4 };
  expect(await core.leases.renew(holder, [lease.leaseId, other.leaseId])).toEqual([
    { leaseId: lease.leaseId, durationMs: 30_000 },
  ]);
  core.clock.nowMs += 29_000;
  await core.leases.expireOverdue();
  expect(await core.leases.renew(holder, [lease.leaseId])).toHaveLength(1);
  core.clock.nowMs += 31_000;
  await core.leases.expireOverdue();
  expect(await core.leases.renew(holder, [lease.leaseId])).toEqual([]);
});

test('an outage of the coordinator extends all deadlines', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 2 });
  await core.leases.recover(); // the heartbeat of a first start
  const ann = await core.host('ann');
  await leasedBy(ann);
  core.clock.nowMs += 600_000; // ten minutes away, with the lease begun just before
  await core.leases.recover();
  await core.leases.expireOverdue();
  expect((await later(ann)).code).toBe('MH-LTR-002');
  core.clock.nowMs += 31_000;
  await core.leases.expireOverdue();
  expect(await leasedBy(ann)).toEqual([0]);
});

test('a coordinator that stood still, as a machine does in sleep, takes that time for nobody’s', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 2 });
  await core.leases.recover();
  const ann = await core.host('ann');
  await leasedBy(ann);
  core.clock.nowMs += 600_000;
  await core.leases.sweep();
  expect((await later(ann)).code, 'the lease goes on').toBe('MH-LTR-002');
  core.clock.nowMs += 31_000;
  await core.leases.expireOverdue();
  expect(await leasedBy(ann), 'and ends in its own time').toEqual([0]);
});

test('units given back are leased to others at once; host failures count, leaving does not', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 4 });
  const ann = await core.host('ann');
  const [lease] = await core.lease(ann, 4);
  if (!lease) throw new Error('no lease');
  const message = { t: 'lease.return', id: 1, leaseId: lease.leaseId } as const;
  const holder = { ...ann, cores: 4 };
  await core.leases.giveBack(holder, { ...message, ranges: [[0, 2]], code: null });
  await core.leases.giveBack(holder, { ...message, ranges: [[2, 1]], code: 'MH-HOST-001' });
  expect(core.units.unit(1, 2)?.replicas).toMatchObject([{ state: 'failed', code: 'MH-HOST-001' }]);
  expect(await leasedBy(ann), 'a passing fault is forgiven').toEqual([0, 1, 2]);
  const bob = { ...(await core.host('bob')), cores: 4 };
  expect(await core.leases.giveBack(bob, { ...message, ranges: [[3, 1]], code: null })).toBe(false);
});

test('a host that keeps failing gets work slowly', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 10 });
  const ann = await core.host('ann');
  for (let count = 0; count < 3; count++)
    for (const lease of await core.lease(ann, 1))
      await core.report(ann, lease, { failures: indexesOf(lease).map(hostFailure) });
  expect(await later(ann)).toMatchObject({ code: 'MH-LTR-007', retryAfterMs: 30_000 });
  core.clock.nowMs += 30_001;
  expect((await later(ann)).code).toBe('work');
});

test('projects take turns; within a project priority goes first, then what the host has already', async () => {
  await core.addBatch({ batchRowId: 1, projectRowId: 1, unitCount: 500, expectedDurationMs: 10_000 });
  await core.addBatch({ batchRowId: 2, projectRowId: 2, unitCount: 500, expectedDurationMs: 10_000 });
  const urgent = await core.addBatch({ batchRowId: 3, projectRowId: 2, unitCount: 8, priority: 5 });
  const ann = await core.host('ann');
  const order: string[] = [];
  for (let count = 0; count < 8; count++) {
    const [lease] = await core.lease(ann, 4);
    if (lease) order.push(lease.batchId);
  }
  const batches = core.directory.batches.map(({ batchId }) => batchId);
  const times = batches.map((batchId) => order.filter((each) => each === batchId).length);
  expect(times[2], 'the urgent batch is done first').toBe(2);
  expect(order.indexOf(urgent.batchId)).toBeLessThan(order.indexOf(batches[1] ?? ''));
  expect(Math.abs((times[0] ?? 0) - (times[1] ?? 0))).toBeLessThanOrEqual(2);
  const cached = core.directory.batches[1]?.manifestCid;
  const twin = await core.addBatch({ batchRowId: 4, projectRowId: 1, unitCount: 4 });
  const answer = await core.ask(await core.host('bob'), 1, { cachedManifests: [twin.manifestCid, cached] as never });
  expect('leases' in answer && [batches[1], twin.batchId]).toContain('leases' in answer && answer.leases[0]?.batchId);
});

test('a million units cost nothing until they are leased', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1_000_000 });
  expect(core.units.counts(1)).toMatchObject({ total: 1_000_000, waiting: 1_000_000 });
  const rows = core.database.read((db) => db.prepare('SELECT count(*) FROM unit').pluck().get());
  expect(rows).toBe(0);
  expect(await leasedBy(await core.host('ann'), 5)).toEqual([0, 1, 2, 3, 4]);
  expect(core.units.unit(1, 999_999)).toMatchObject({ state: 'waiting', replicas: [] });
});

test('a host without the pinned engine gives units back without harm to them, and waits longer and longer', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1, quorum: 1 });
  const ann = await core.host('ann');
  for (let count = 0; count < 3; count++) {
    const [lease] = await core.lease(ann, 1);
    if (!lease) throw new Error('no lease');
    const { leaseId, ranges } = lease;
    const message = { t: 'lease.return', id: 1, leaseId, ranges, code: 'MH-APP-004' } as const;
    await core.leases.giveBack({ hostRowId: ann.hostRowId, cores: 1 }, message);
  }
  expect(await later(ann)).toMatchObject({ code: 'MH-LTR-007', openUnitCount: 1 });
  expect(core.units.unit(1, 0)?.replicas).toMatchObject([{ state: 'returned', code: null }]);
  expect(await leasedBy(await core.host('bob'))).toEqual([0]);
});

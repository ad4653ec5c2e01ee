// Leases over the real database: what is given out to whom, how it ends, and what a restart does to it.
import { type Lease, seal } from '@manyhands/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CoreHost, hostFailure, openCore, type TestCore } from '../../../support/core.js';
import { indexesOf } from '../../../support/test-host.js';

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
/** What is left of leases after renewing them, as a worker that tells no progress does. */
const renewed = async (host: CoreHost, leases: readonly Pick<Lease, 'leaseId'>[]) => {
  const answer = await core.leases.renew(host, { leaseIds: leases.map(({ leaseId }) => leaseId) });
  return answer.ok ? answer.leases : answer.code;
};

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

test('a grant that the host never got keeps no units: a host that asks names the leases that it works under', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 4, quorum: 1 });
  const host = await core.host('ann');
  const [got] = await core.lease(host, 2);
  await core.lease(host, 2); // lost on its way
  const other = await core.host('bob');
  expect(await later(other)).toMatchObject({ openUnitCount: 4 });
  const heldLeases = got ? [got.leaseId] : [];
  const again = await core.ask(host, 1, { heldLeases });
  expect('leases' in again && again.leases.flatMap(indexesOf)).toEqual([2]);
  expect(await leasedBy(other)).toEqual([3]);
  expect(got && (await renewed(host, [got]))).toHaveLength(1);
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
  expect(await renewed(ann, [lease, other])).toEqual([{ leaseId: lease.leaseId, durationMs: 30_000 }]);
  core.clock.nowMs += 29_000;
  await core.leases.expireOverdue();
  expect(await renewed(ann, [lease])).toHaveLength(1);
  core.clock.nowMs += 31_000;
  await core.leases.expireOverdue();
  expect(await renewed(ann, [lease])).toEqual([]);
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
  await core.leases.giveBack(ann, { ...message, ranges: [[0, 2]], code: null });
  await core.leases.giveBack(ann, { ...message, ranges: [[2, 1]], code: 'MH-HOST-001' });
  expect(core.units.unit(1, 2)?.replicas).toMatchObject([{ state: 'failed', code: 'MH-HOST-001' }]);
  expect(await leasedBy(ann), 'a passing fault is forgiven').toEqual([0, 1, 2]);
  const bob = await core.host('bob');
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
    await core.leases.giveBack(ann, message);
  }
  expect(await later(ann)).toMatchObject({ code: 'MH-LTR-007', openUnitCount: 1 });
  expect(core.units.unit(1, 0)?.replicas).toMatchObject([{ state: 'returned', code: null }]);
  expect(await leasedBy(await core.host('bob'))).toEqual([0]);
});

test('a host has two units in hand at first, and more with each result that agreed', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1000, expectedDurationMs: 1 });
  const [ann, bob] = [await core.host('ann', { agreed: 0 }), await core.host('bob', { agreed: 0 })];
  const [first] = await core.lease(ann, 256);
  if (!first) throw new Error('no lease');
  expect(indexesOf(first)).toEqual([0, 1]);
  expect(await later(ann)).toMatchObject({ code: 'MH-LTR-006' });
  await core.report(ann, first, { indexes: [0] });
  expect(await leasedBy(ann, 256), 'a result that is handed in frees its place').toEqual([2]);
  for (const lease of await core.lease(bob, 1)) await core.report(bob, lease);
  expect(await leasedBy(ann, 256), 'one that agreed is worth two more').toEqual([3, 4]);
  await core.report(ann, first, { indexes: [1], bytes: (index) => `lie ${index}` });
  for (const lease of await core.lease(bob, 1)) await core.report(bob, lease);
  expect(await leasedBy(ann, 256), 'one that did not is worth nothing').toHaveLength(1);
});

test('under a quorum of one an accepted result is worth two more', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1000, quorum: 1, expectedDurationMs: 1 });
  const ann = await core.host('ann', { agreed: 0 });
  const sizes: number[] = [];
  for (let round = 0; round < 5; round++)
    for (const lease of await core.lease(ann, 256)) {
      sizes.push(indexesOf(lease).length);
      await core.report(ann, lease);
    }
  expect(sizes).toEqual([2, 6, 18, 54, 162]);
});

test('a lease ends after four times what accepted units took, once five are known', async () => {
  await core.addBatch({
    batchRowId: 1,
    unitCount: 100,
    quorum: 1,
    expectedDurationMs: 3_600_000,
    timeoutMs: 86_400_000,
  });
  const [ann, bob] = [await core.host('ann'), await core.host('bob')];
  const longest = async (host: CoreHost): Promise<number> => {
    const [lease] = await core.lease(host, 1);
    const beganMs = core.clock.nowMs;
    while (lease && (await renewed(host, [lease])).length > 0) core.clock.nowMs += 10_000;
    await core.leases.expireOverdue();
    return core.clock.nowMs - beganMs;
  };
  expect(await longest(bob), 'as long as the scientist says').toBe(4 * 3_600_000);
  for (const lease of await core.lease(ann, 5)) {
    core.clock.nowMs += 50_000;
    await core.report(ann, lease);
  }
  const leases = (await Promise.all(Array.from({ length: 5 }, () => core.lease(ann, 1)))).flat();
  for (const lease of leases) await core.report(ann, lease);
  expect(await longest(bob), 'the least that any lease is taken to need').toBe(4 * 30_000);
});

test('a lease is renewed where its host has come further; others are told what is left', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 2, quorum: 1 });
  const ann = await core.host('ann');
  const [lease] = await core.lease(ann, 1);
  if (!lease) throw new Error('no lease');
  const { leaseId } = lease;
  const tell = async (fetchedBytes: number, fuel: number) => {
    const said = { version: 1, hostId: ann.hostId, leases: [[leaseId, fetchedBytes, fuel, 0]] };
    const context = { type: 'progress', coordinatorId: core.options.coordinatorId } as const;
    const answer = await core.leases.renew(ann, { leaseIds: [leaseId], progress: seal(said, context, ann.key) });
    return answer.ok ? answer.leases.map(({ durationMs }) => durationMs) : answer.code;
  };
  core.clock.nowMs += 10_000;
  expect(await tell(0, 0), 'nothing yet').toEqual([20_000]);
  expect(await tell(1000, 0), 'it fetches').toEqual([30_000]);
  core.clock.nowMs += 10_000;
  expect(await tell(1000, 0), 'it stands still').toEqual([20_000]);
  expect(await tell(1000, 5), 'it computes').toEqual([30_000]);
  expect(
    await core.leases.renew(await core.host('bob'), { leaseIds: [leaseId], progress: new Uint8Array(3) }),
  ).toMatchObject({
    ok: false,
    code: 'MH-SIG-002',
  });
});

test('a unit that is held for twice its work is offered to another host as well, and both may answer', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1, quorum: 1 });
  const [ann, bob] = [await core.host('ann'), await core.host('bob')];
  const [held] = await core.lease(ann);
  if (!held) throw new Error('no lease');
  for (const _ of [1, 2]) {
    expect((await later(bob)).code).toBe('MH-LTR-001');
    core.clock.nowMs += 7_500;
    await renewed(ann, [held]);
    await core.leases.offerOverlong();
  }
  expect((await later(ann)).code, 'not to its own').not.toBe('work');
  const [same] = await core.lease(bob);
  if (!same) throw new Error('it is not offered');
  expect(core.units.counts(1)).toMatchObject({ running: 1 });
  await core.report(ann, held);
  expect(core.units.counts(1)).toMatchObject({ accepted: 1 });
  expect(core.store.leases.openOfHost(bob.hostRowId), 'the other is told to stop').toEqual([]);
});

test('an account, a key and a network get a unit once; a late word under another name is no second one', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 3 });
  const ann = await core.host('ann/laptop/here');
  const [lease] = await core.lease(ann);
  if (!lease) throw new Error('no lease');
  const again = await core.host('bob/laptop/there', { key: 'ann/laptop/here' });
  const near = await core.host('cid/desk/here');
  expect([(await later(again)).code, (await later(near)).code]).toEqual(['MH-LTR-002', 'MH-LTR-002']);
  core.clock.nowMs += 31_000;
  await core.leases.expireOverdue();
  const [second] = await core.lease(near, 3);
  if (!second) throw new Error('no lease');
  const lie = (index: number): string => `lie ${index}`;
  expect(await core.report(ann, lease, { bytes: lie, indexes: [0] })).toEqual([[0, 'settled', null]]);
  expect(core.store.leases.byLeaseId(second.leaseId)?.openUnits, 'its kin is told to stop').toBe(2);
  const [told] = (await core.report(near, second, { bytes: lie })) as unknown[];
  expect(told).toEqual([0, 'settled', 'MH-RCP-002']);
  expect(core.units.counts(1)).toMatchObject({ accepted: 0, failed: 0 });
  for (const word of ['eve', 'fay']) {
    const host = await core.host(word);
    for (const more of await core.lease(host, 3)) await core.report(host, more);
  }
  expect(core.units.counts(1)).toMatchObject({ accepted: 3 });
});

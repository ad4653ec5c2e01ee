// Leases that run out: nobody's failure, one unit next, the same one where it can be, and what happens to units that only ever run out.
import type { Lease } from '@manyhands/contract';
import { temporaryFolderSync } from '@manyhands/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isToBeHeld, type Lapse } from '../../../../src/core/leases/domain/lapses.js';
import { unitIdOf } from '../../../../src/storage/sqlite/units.js';
import { type CoreHost, openCore, type TestCore } from '../../../support/core.js';
import { indexesOf } from '../../../support/test-host.js';

let folder: string;
let core: TestCore;
beforeEach(async () => {
  folder = temporaryFolderSync();
  core = await openCore({ folder });
});
afterEach(() => core.close());

const leasedBy = async (host: CoreHost, count = 16) => (await core.lease(host, count)).flatMap(indexesOf);
const refusalOf = async (host: CoreHost) => {
  const answer = await core.ask(host);
  return 'later' in answer ? answer.later.code : null;
};
const sleep = async (): Promise<void> => {
  core.clock.nowMs += 31_000;
  await core.leases.expireOverdue();
};
/** What is known of a host to its disadvantage. */
const recordOf = ({ hostId, hostRowId }: CoreHost) => ({
  failed: core.hosts.list({ limit: 100 }).rows.find((host) => host.hostId === hostId)?.failedReplicas,
  ...core.store.hosts.standing(hostRowId),
});
const attemptsOf = (index: number) => core.store.units.span(unitIdOf(1, index), unitIdOf(1, index))[0]?.[4];

test('a lease that runs out is nobody’s failure, however often it does', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1, quorum: 1 });
  const laptop = await core.host('ann/laptop');
  for (let nap = 0; nap < 20; nap++) {
    expect(await leasedBy(laptop), `after nap ${nap}`).toEqual([0]);
    await sleep();
  }
  expect(core.units.counts(1)).toMatchObject({ waiting: 1, failed: 0, held: 0 });
  expect(attemptsOf(0)).toBe(0);
  expect(recordOf(laptop)).toMatchObject({ failed: 0, failureStreak: 0, workNotBeforeMs: 0 });
  for (const lease of await core.lease(laptop)) await core.report(laptop, lease);
  expect(core.units.counts(1)).toMatchObject({ accepted: 1 });
});

test('neither are units that were given back, or that a host could not run after its lease was over', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 2, quorum: 1 });
  const ann = await core.host('ann');
  const [lease] = await core.lease(ann);
  if (!lease) throw new Error('no lease');
  await sleep();
  const message = { t: 'lease.return', id: 1, leaseId: lease.leaseId, ranges: lease.ranges } as const;
  await core.leases.giveBack(ann, { ...message, code: 'MH-HOST-004' });
  const late = { index: 0, kind: 'host-failure', exitCode: null, elapsedMs: 1, fuel: 0, markCount: 0 } as const;
  const words = { chainRoot: null, code: 'MH-HOST-003', message: 'too slow', stderrTail: '' };
  expect(await core.report(ann, lease, { failures: [{ ...late, ...words }] })).toEqual([[0, 'settled', 'MH-RCP-002']]);
  for (const next of await core.lease(ann, 1))
    await core.leases.giveBack(ann, { ...message, leaseId: next.leaseId, code: null });
  expect(recordOf(ann)).toMatchObject({ failed: 0, failureStreak: 0 });
  expect([attemptsOf(0), attemptsOf(1)]).toEqual([0, 0]);
});

test('a host whose lease ran out gets one unit, then twice as many with each result, whatever it lost; then nothing is kept of it', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 3000, quorum: 1, expectedDurationMs: 1 });
  const ann = await core.host('ann');
  expect(await leasedBy(ann, 200)).toHaveLength(200);
  await sleep();
  for (const expected of [1, 2, 4, 8, 16, 32, 64, 128]) {
    const leases: Lease[] = [];
    for (let more = await core.lease(ann, 256); more.length > 0; more = await core.lease(ann, 256))
      leases.push(...more);
    expect(leases.flatMap(indexesOf)).toHaveLength(expected);
    expect(await refusalOf(ann), 'no waiting time, but no more either').toBe('MH-LTR-008');
    // One result counts; the rest is given back.
    const [first] = leases;
    if (first) await core.report(ann, first, { indexes: indexesOf(first).slice(0, 1) });
    await core.leases.leave(ann);
  }
  expect(recordOf(ann).allowance?.units).toBe(256);
  const [last] = await core.lease(ann, 2);
  if (last) await core.report(ann, last);
  expect(recordOf(ann)).toMatchObject({ failed: 0, allowance: null });
  expect((await core.lease(ann, 256)).flatMap(indexesOf)).toHaveLength(256);
});

test('a host that never answers has one unit at a time, also after it and the coordinator came anew', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 50, quorum: 1 });
  const word = 'mute';
  expect(await leasedBy(await core.host(word), 4)).toHaveLength(4);
  expect(await leasedBy(await core.host(word), 4)).toHaveLength(4);
  await sleep();
  for (let round = 0; round < 5; round++) {
    const mute = await core.host(word);
    expect(await leasedBy(mute)).toHaveLength(1);
    expect(await refusalOf(await core.host(word))).toBe('MH-LTR-008');
    core.close();
    core = await openCore({ folder });
    core.clock.nowMs += 1_000_000 * (round + 1);
    await core.addBatch({ batchRowId: 1, unitCount: 50, quorum: 1 });
    await core.host(word);
    expect(await refusalOf(mute)).toBe('MH-LTR-008');
    await sleep();
  }
});

test('what a host held before counts for nothing: a long unit does not keep its other cores idle', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 2, quorum: 1, expectedDurationMs: 3_600_000, timeoutMs: 7_200_000 });
  const ann = await core.host('ann');
  expect(await leasedBy(ann, 2)).toHaveLength(2);
  await core.addBatch({ batchRowId: 2, unitCount: 8, quorum: 1, priority: 5 });
  expect(await leasedBy(ann, 2)).toHaveLength(2);
  await sleep();
  expect(await leasedBy(ann)).toHaveLength(1);
});

test('the host gets again what it had begun, rather than what others lost', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 20, quorum: 1 });
  await core.addBatch({ batchRowId: 2, unitCount: 20, quorum: 1, priority: 5 });
  const [ann, bob] = [await core.host('ann'), await core.host('bob')];
  core.directory.batches = core.directory.batches.filter(({ batchRowId }) => batchRowId === 1);
  core.directory.changed();
  await leasedBy(bob, 4);
  expect(await leasedBy(ann, 4)).toEqual([4, 5, 6, 7]);
  await core.addBatch({ batchRowId: 2, unitCount: 20, quorum: 1, priority: 5 });
  await sleep();
  const [lease] = await core.lease(ann);
  expect(lease && [lease.batchId, indexesOf(lease)]).toEqual([core.directory.batches[0]?.batchId, [4]]);
});

test('a unit that runs out on a host again makes room for others there, and comes back when there is nothing else', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 3, quorum: 1 });
  const ann = await core.host('ann');
  expect(await leasedBy(ann, 1)).toEqual([0]);
  await sleep();
  expect(await leasedBy(ann)).toEqual([0]);
  await sleep();
  for (const expected of [[1], [2]]) {
    const leases = await core.lease(ann);
    expect(leases.flatMap(indexesOf)).toEqual(expected);
    for (const lease of leases) await core.report(ann, lease);
  }
  expect(await leasedBy(ann)).toEqual([0]);
});

const lapse = (account: number, more: Partial<Lapse> = {}): Lapse => ({
  ...{ account, network: `net ${account}`, isDelivering: true },
  ...more,
});

test('four accounts in four networks, all of which deliver, make a unit suspect', () => {
  const four = [1, 2, 3, 4].map((account) => lapse(account));
  expect(isToBeHeld(four)).toBe(true);
  expect(isToBeHeld(four.slice(1))).toBe(false);
  expect(isToBeHeld([...four.slice(1), lapse(1, { isDelivering: false })])).toBe(false);
  expect(isToBeHeld([...four.slice(1), lapse(1, { network: 'net 2' })])).toBe(false);
  expect(isToBeHeld([...four.slice(1), lapse(1, { network: '' })])).toBe(false);
});

/** Takes what there is and hands in all of it but unit 0, which runs out. */
async function loseFirst(word: string, delivers = true): Promise<void> {
  const host = await core.host(word);
  for (const lease of await core.lease(host, 3))
    if (delivers) await core.report(host, lease, { indexes: indexesOf(lease).filter((index) => index > 0) });
  await sleep();
}

test('a unit that runs out on four such accounts is held: shown, not leased, not failed, opened again by its owner', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 14, quorum: 1 });
  for (const word of ['ann', 'bob', 'cid', 'eve/a/ann', 'fay']) await loseFirst(word, word !== 'fay');
  expect(core.units.counts(1), 'two share a network, and one delivers nothing').toMatchObject({ held: 0 });
  await loseFirst('dan');
  const reason = { state: 'waiting', isHeld: true, code: 'MH-VAL-008' };
  expect(core.units.unit(1, 0)).toMatchObject(reason);
  expect(core.units.listUnits(1, { state: 'held', after: -1, limit: 10 }).units).toMatchObject([{ index: 0 }]);
  const gus = await core.host('gus');
  for (const lease of await core.lease(gus)) await core.report(gus, lease);
  expect(core.units.counts(1)).toMatchObject({ total: 14, accepted: 13, waiting: 1, held: 1, failed: 0 });
  expect(core.units.isComplete(1)).toBe(false);
  const answer = await core.ask(gus);
  expect('later' in answer && answer.later, 'who runs until all is done may end').toMatchObject({ openUnitCount: 0 });

  expect(await core.units.retry(1, null)).toBe(1);
  expect(core.units.unit(1, 0)).toMatchObject({ state: 'waiting', isHeld: false, code: null });
  await loseFirst('ann');
  expect(core.units.counts(1), 'what spoke against it before is forgotten').toMatchObject({ held: 0 });
  for (const lease of await core.lease(gus)) await core.report(gus, lease);
  expect(core.units.isComplete(1)).toBe(true);
  expect(core.units.unit(1, 0)).toMatchObject({ state: 'accepted', code: null });
});

test('a late answer opens a held unit, and a cancelled batch ends it', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 14, quorum: 1 });
  const [first] = await core.lease(await core.host('zoe'), 1);
  await sleep();
  for (const word of ['ann', 'bob', 'cid', 'dan']) await loseFirst(word);
  expect(core.units.counts(1)).toMatchObject({ held: 1 });
  if (first) await core.report(await core.host('zoe'), first);
  expect(core.units.unit(1, 0)).toMatchObject({ state: 'accepted', isHeld: false });

  await core.addBatch({ batchRowId: 2, unitCount: 14, quorum: 1, priority: 9 });
  for (const word of ['hal', 'ida', 'jon', 'kim']) await loseFirst(word);
  expect(core.units.counts(2)).toMatchObject({ held: 1 });
  await core.units.cancelBatch(2, 'MH-VAL-004');
  expect(core.units.counts(2)).toMatchObject({ held: 0, waiting: 0 });
  expect(core.units.unit(2, 0)).toMatchObject({ state: 'failed', isHeld: false, code: 'MH-VAL-004' });
  await core.units.deleteBatch(2);
  expect(
    core.database.read((db) => db.prepare('SELECT count(*) FROM lapse WHERE unit_id >= ?').pluck().get(unitIdOf(2, 0))),
  ).toBe(0);
});

test('a result that a host kept while it was away is not thrown away when its unit is open again', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1, quorum: 1 });
  const ann = await core.host('ann');
  const [lease] = await core.lease(ann);
  if (!lease) throw new Error('no lease');
  await core.report(ann, lease, { isInline: false });
  core.clock.nowMs += 121_000;
  await core.custody.tick();
  expect(core.units.unit(1, 0)).toMatchObject({ state: 'waiting' });
  const kept = [{ leaseId: lease.leaseId, index: 0 }];
  expect(core.custody.review(ann.hostRowId, { kept }), 'it may state it again').toEqual({ wanted: [], released: [] });
  for (const again of await core.lease(ann)) await core.report(ann, again);
  expect(core.units.unit(1, 0)).toMatchObject({ state: 'accepted' });
  expect(core.custody.review(ann.hostRowId, { kept })).toEqual({ wanted: [], released: kept });
});

test('what a host hands in of an earlier lease ends what it was given since', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1, quorum: 2 });
  const ann = await core.host('ann');
  const [lease] = await core.lease(ann);
  await sleep();
  const [again] = await core.lease(ann);
  if (!lease || !again) throw new Error('no lease');
  const cancelled: string[] = [];
  core.events.onCommit((aftermath) => {
    for (const { leaseRowId } of aftermath.cancelled)
      cancelled.push(core.store.leases.byRowId(leaseRowId)?.leaseId ?? 'none');
  });
  await core.report(ann, lease);
  expect(cancelled).toEqual([again.leaseId]);
  expect(core.store.leases.openOfHost(ann.hostRowId)).toEqual([]);
});

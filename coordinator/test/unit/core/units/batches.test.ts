// Whole batches: ended, tried again, given another quorum, listed, waited for, removed.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCore, type TestCore, unitFailure } from '../../../support/core.js';
import { bundleOf, indexesOf } from '../../../support/test-host.js';

let core: TestCore;
beforeEach(async () => {
  core = await openCore({ folder: '/nowhere', isInMemory: true });
});
afterEach(() => core.close());

async function work(words: readonly string[]): Promise<void> {
  for (const word of words) {
    const host = await core.host(word);
    for (let leases = await core.lease(host); leases.length > 0; leases = await core.lease(host))
      for (const lease of leases) await core.report(host, lease);
  }
}

test('a cancelled batch fails what is open, tells the hosts, and keeps what was accepted', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 10_000, expectedDurationMs: 1 });
  const [ann, bob] = [await core.host('ann'), await core.host('bob')];
  for (const host of [ann, bob]) {
    const [lease] = await core.lease(host, 4);
    if (lease) await core.report(host, lease);
  }
  const [open] = await core.lease(ann, 4);
  const cancelled: unknown[] = [];
  core.events.onCommit((aftermath) => cancelled.push(...aftermath.cancelled));
  const completed: number[] = [];
  core.units.onBatchComplete((batchRowId) => completed.push(batchRowId));
  await core.units.cancelBatch(1, 'MH-VAL-004');
  expect(core.units.counts(1)).toEqual({
    total: 10_000,
    ended: { cancelled: 9996, expired: 0, stopped: 0 },
    waiting: 0,
    held: 0,
    running: 0,
    checking: 0,
    accepted: 4,
    failed: 9996,
  });
  expect(cancelled).toMatchObject([{ code: 'MH-VAL-004' }]);
  expect(completed).toEqual([1]);
  expect(await core.ask(ann)).toMatchObject({ later: { code: 'MH-LTR-001', openUnitCount: 0 } });
  const outcomes = core.units.outcomes(1, { after: 3, limit: 500 });
  expect(outcomes).toHaveLength(500);
  expect(outcomes.every(({ state, code }) => state === 'failed' && code === 'MH-VAL-004')).toBe(true);
  if (open)
    expect(await core.report(ann, open)).toEqual(indexesOf(open).map((index) => [index, 'settled', 'MH-RCP-002']));
  expect(await core.units.retry(1, [0, 5, 9999]), 'accepted units stay').toBe(2);
  expect(core.units.counts(1)).toMatchObject({ waiting: 2, accepted: 4, failed: 9994 });
  await work(['ann', 'bob']);
  expect(core.units.counts(1)).toMatchObject({ accepted: 6, failed: 9994 });
});

test('failed units are tried again by anybody, and their second outcome comes later in the order', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 3 });
  for (const word of ['ann', 'bob']) {
    const host = await core.host(word);
    const [lease] = await core.lease(host);
    if (!lease) throw new Error('no lease');
    await core.report(host, lease, { failures: [unitFailure(1)] });
    await core.report(host, lease, { indexes: [0, 2] });
  }
  expect(core.units.counts(1)).toMatchObject({ accepted: 2, failed: 1 });
  expect(core.units.unit(1, 1)).toMatchObject({
    state: 'failed',
    code: 'MH-VAL-001',
    replicas: [{ state: 'failed', code: 'MH-UNIT-002', stderrTail: 'failed on 1' }, { exitCode: 1 }],
  });
  expect(await core.units.retry(1, null)).toBe(1);
  expect(core.units.unit(1, 1)).toMatchObject({ state: 'waiting', code: null, replicas: [] });
  await work(['ann', 'bob']);
  const outcomes = core.units.outcomes(1, { after: -1, limit: 10 });
  expect(outcomes.map(({ sequence, index, state }) => [sequence, index, state])).toEqual([
    [0, 1, 'failed'],
    [1, 0, 'accepted'],
    [2, 2, 'accepted'],
    [3, 1, 'accepted'],
  ]);
});

test('a lower quorum accepts what agrees already, a higher one asks for more', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 2 });
  await work(['ann']);
  expect(core.units.counts(1).checking).toBe(2);
  await core.units.batchChanged(1, { quorum: 1 });
  expect(core.units.counts(1).accepted).toBe(2);
  await core.addBatch({ batchRowId: 2, unitCount: 2 });
  await core.units.batchChanged(2, { quorum: 3 });
  await work(['ann', 'bob']);
  expect(core.units.counts(2)).toMatchObject({ accepted: 0, checking: 2 });
  await work(['cid']);
  expect(core.units.counts(2).accepted).toBe(2);
});

test('a batch is verified only while no unit of it was accepted from one account', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 3 });
  const quorums = async (...values: number[]): Promise<boolean[]> => {
    const verified: boolean[] = [];
    for (const quorum of values) {
      await core.units.batchChanged(1, { quorum });
      verified.push(core.units.summary(1).isVerified);
    }
    return verified;
  };
  expect(core.units.summary(1).isVerified).toBe(true);
  expect(await quorums(1, 2, 1, 3)).toEqual([false, true, false, true]); // nothing was accepted yet
  const ann = await core.host('ann');
  const [lease] = await core.lease(ann, 1);
  if (!lease) throw new Error('no lease');
  await core.report(ann, lease);
  expect(await quorums(1)).toEqual([false]);
  expect(core.units.counts(1).accepted).toBe(1);
  expect(await quorums(2, 3)).toEqual([false, false]);
  await work(['ann', 'bob', 'cid']);
  expect(core.units.isComplete(1)).toBe(true);
  expect(core.units.summary(1).isVerified).toBe(false);
});

test('units are listed by state, those that nobody had last', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 9 });
  const ann = await core.host('ann');
  const [lease] = await core.lease(ann, 4);
  if (!lease) throw new Error('no lease');
  await core.report(ann, lease, { indexes: [0, 1] });
  const list = (state: 'running' | 'checking' | 'waiting' | undefined, after = -1, limit = 100) => {
    const { units, next } = core.units.listUnits(1, { state, after, limit });
    return [units.map(({ index }) => index), next];
  };
  expect(list('checking')).toEqual([[0, 1], null]);
  expect(list('running')).toEqual([[2, 3], null]);
  expect(list('waiting', 4, 2)).toEqual([[5, 6], 6]);
  expect(list(undefined, 1, 4)).toEqual([[2, 3, 4, 5], 5]);
  expect(core.units.unit(1, 9)).toBeUndefined();
});

test('waiting for an outcome ends with the outcome, the batch, the time or the caller', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 2 });
  const { signal } = new AbortController();
  const waiting = core.units.waitForOutcome(1, -1, 60_000, signal);
  await work(['ann', 'bob']);
  await waiting;
  await core.units.waitForOutcome(1, 500, 60_000, signal); // complete: nothing will come
  await core.addBatch({ batchRowId: 2, unitCount: 2 });
  await core.units.waitForOutcome(2, -1, 5, signal);
  const leaving = new AbortController();
  const left = core.units.waitForOutcome(2, -1, 60_000, leaving.signal);
  leaving.abort();
  await left;
});

test('a removed batch is gone with its results; its credit stays', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 3 });
  await core.addBatch({ batchRowId: 2, unitCount: 3 }); // the same answers: equal digests
  await work(['ann', 'bob']);
  const digest = Buffer.from(bundleOf('answer 1').digest).toString('hex');
  const before = core.credits.total();
  await core.units.deleteBatch(1);
  expect(core.units.outcomes(1, { after: -1, limit: 10 })).toEqual([]);
  expect(await core.results.readBundle(digest), 'the other batch has it still').toBeDefined();
  await core.units.deleteBatch(2);
  expect(await core.results.readBundle(digest)).toBeUndefined();
  expect(core.credits.total()).toBe(before);
  for (const table of ['unit', 'replica', 'lease', 'receipt', 'bundle', 'result', 'result_twin', 'outcome'])
    expect(
      core.database.read((db) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()),
      table,
    ).toBe(0);
});

test('throughput and hands show who did what', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 4 });
  await work(['ann/laptop', 'bob']);
  const points = core.units.throughput(1, 60_000, 5);
  expect(points).toHaveLength(5);
  expect(points.at(-1)).toEqual({ startMs: core.clock.nowMs - (core.clock.nowMs % 60_000), accepted: 4 });
  const hands = core.hands.list('project', 1);
  expect(hands).toMatchObject([
    { acceptedReplicas: 4, creditMilli: 4000, hosts: 1, isOnline: false },
    { acceptedReplicas: 4 },
  ]);
  expect(hands.map(({ name }) => name).sort()).toEqual(['ann', 'bob']);
  expect(core.units.totals()).toMatchObject({ total: 4, accepted: 4 });
});

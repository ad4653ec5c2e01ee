// How units end: what failed is counted apart from what was cancelled, expired or stopped, whatever happened before; and every end has a sentence.

import { endingOf, sentenceOf } from '@manyhands/contract/words';
import { temporaryFolderSync } from '@manyhands/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCore, type TestCore, unitFailure } from '../../../support/core.js';
import { expectStoriesToAddUp } from '../../../support/story-checks.js';
import { indexesOf } from '../../../support/test-host.js';

let folder: string;
let core: TestCore;
beforeEach(async () => {
  folder = temporaryFolderSync();
  core = await openCore({ folder, isInMemory: true });
});
afterEach(() => {
  core.close();
});

/** A batch of which units 0 and 1 failed truly, 2 is accepted, 3 waits for a second answer, 4 runs and the others were never leased. */
async function batchInTheMiddle(unitCount = 600): Promise<void> {
  await core.addBatch({ batchRowId: 1, unitCount });
  for (const word of ['ann', 'bob']) {
    const [lease] = await core.lease(await core.host(word), word === 'ann' ? 5 : 3);
    if (!lease) throw new Error('no lease');
    const host = await core.host(word);
    await core.report(host, lease, { failures: [unitFailure(0), unitFailure(1)] });
    await core.report(host, lease, { indexes: word === 'ann' ? [2, 3] : [2] });
  }
}

test.for([
  ['MH-VAL-004', 'cancelled'],
  ['MH-VAL-005', 'expired'],
  ['MH-VAL-006', 'stopped'],
] as const)('%s: what was open is %s, what failed before stays failed', async ([code, kind]) => {
  await batchInTheMiddle();
  expectStoriesToAddUp(core.database);
  await core.endings.end(1, code);
  const ended = { cancelled: 0, expired: 0, stopped: 0, [kind]: 597 };
  expect(core.units.counts(1)).toEqual({
    total: 600,
    waiting: 0,
    held: 0,
    running: 0,
    checking: 0,
    accepted: 1,
    failed: 599,
    ended,
  });
  expect(core.units.totals()).toEqual(core.units.counts(1));
  expect(core.units.endedCode(1)).toBe(code);
  const codes = core.units.outcomes(1, { after: -1, limit: 1000 }).flatMap((outcome) => outcome.code ?? []);
  const kinds = codes.map(endingOf);
  expect(kinds.filter((word) => word === 'failed')).toHaveLength(2);
  expect(kinds.filter((word) => word === kind)).toHaveLength(597);
  for (const each of new Set(codes)) expect(sentenceOf(each)).not.toContain('no words');
  expectStoriesToAddUp(core.database);
  expect(core.hands.list('batch', 1).map(({ answeredUnits, runningUnits }) => [answeredUnits, runningUnits])).toEqual([
    [0, 0],
    [0, 0],
  ]);
});

test('retrying opens what truly failed, and the counts follow', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 2 });
  for (const word of ['ann', 'bob']) {
    const host = await core.host(word);
    const [lease] = await core.lease(host, 2);
    if (lease) await core.report(host, lease, { failures: [unitFailure(0), unitFailure(1)] });
  }
  expect(core.units.counts(1)).toMatchObject({ failed: 2, ended: { cancelled: 0 } });
  expect(await core.units.retry(1, null)).toBe(2);
  expect(core.units.counts(1)).toMatchObject({ failed: 0, waiting: 2 });
  await core.endings.end(1, 'MH-VAL-004');
  expect(core.units.counts(1)).toMatchObject({ failed: 2, ended: { cancelled: 2 } });
  expect(await core.units.retry(1, null), 'nothing failed: all of it was cancelled').toBe(0);
  expectStoriesToAddUp(core.database);
});

test('a lone volunteer is seen: answers wait for a second person', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 20 });
  const host = await core.host('ann/laptop');
  core.connect(host);
  const [lease] = await core.lease(host, 16);
  if (!lease) throw new Error('no lease');
  const leased = indexesOf(lease);
  await core.report(host, lease, { indexes: leased.slice(0, 2) });
  const [hand] = core.hands.list('project', 1);
  expect(hand).toMatchObject({
    name: 'ann',
    answeredUnits: 2,
    runningUnits: leased.length - 2,
    acceptedReplicas: 0,
    hosts: 1,
  });
  expect(hand?.tag).toMatch(/^[a-z2-7]{5}$/);
  expect(core.hands.list('batch', 1)).toEqual([hand]);
  expectStoriesToAddUp(core.database);
});

test('computers of one account count once each, in the batch and in the project', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 20 });
  await core.addBatch({ batchRowId: 2, unitCount: 20, priority: 1 });
  for (const word of ['ann/laptop', 'ann/tower', 'ann/laptop']) {
    const host = await core.host(word);
    core.connect(host);
    await core.lease(host, 2);
  }
  expect(core.hands.list('batch', 2)).toMatchObject([{ hosts: 2, runningUnits: 6 }]);
  expect(core.hands.list('project', 1)).toMatchObject([{ hosts: 2, runningUnits: 6 }]);
  expectStoriesToAddUp(core.database);
});

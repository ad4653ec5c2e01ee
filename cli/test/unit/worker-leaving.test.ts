// Leaving: what is said at the end, and that nothing is removed without a yes, an account's key least of all.
import { existsSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@manyhands/testing';
import type { WorkerStatus } from '@manyhands/worker';
import { beforeEach, expect, test } from 'vitest';
import { agreeToPurge, endSentence, leave } from '../../src/support/worker-leaving.js';

const status = (units: Partial<WorkerStatus['units']>, totals: Partial<WorkerStatus['totals']>): WorkerStatus =>
  ({
    units: { running: 0, held: 0, unacknowledged: 0, kept: 0, ...units },
    totals: { computed: 0, recorded: 0, settled: 0, refused: 0, failed: 0, ...totals },
  }) as WorkerStatus;
const left = { reason: 'left as you asked' };

test.each([
  [status({}, {}), status({}, {}), 'Left.'],
  [
    status({ held: 1, unacknowledged: 2 }, { computed: 2 }),
    status({}, { computed: 2, recorded: 2 }),
    'Left. 2 results handed over, 1 unit given back.',
  ],
  [status({ held: 3 }, {}), status({}, { computed: 1, settled: 1 }), 'Left. 1 result handed over, 2 units given back.'],
  [status({ held: 1 }, { failed: 1 }), status({}, { failed: 2, refused: 1 }), 'Left. 1 result handed over.'],
  [status({ unacknowledged: 3 }, {}), status({ unacknowledged: 3 }, {}), 'Left. 3 to send at the next start.'],
  [status({ held: 2 }, {}), status({ held: 2 }, {}), 'Left.'],
])('the end of %# in one sentence', (before, after, sentence) => {
  expect(endSentence(left, { before, after })).toBe(sentence);
});

test('another end gives its reason', () => {
  const calm = status({}, {});
  expect(endSentence({ reason: 'every unit is done' }, { before: calm, after: calm })).toBe(
    'Ended: every unit is done.',
  );
});

let folder: string;
beforeEach(async () => {
  folder = join(await temporaryFolder('leave'), 'worker');
  await mkdir(folder);
  writeFileSync(join(folder, 'host.key'), 'x');
});
const has = (name: string): boolean => existsSync(join(folder, name));
function makeAccount(): void {
  writeFileSync(join(folder, 'account.key'), Buffer.alloc(32));
  writeFileSync(join(folder, 'account.json'), JSON.stringify({ version: 1, label: 'ada', nonce: 'A'.repeat(22) }));
}
const refused = expect.objectContaining({ code: 'MH-GEN-009' });

test('without --purge nothing is asked; --account needs --purge', async () => {
  expect(await agreeToPurge(folder, {})).toBeNull();
  await expect(agreeToPurge(folder, { account: 'ada' })).rejects.toThrow(refused);
});

test('without a terminal and without --yes nothing is removed', async () => {
  await expect(agreeToPurge(folder, { purge: true })).rejects.toThrow(refused);
  makeAccount();
  await expect(agreeToPurge(folder, { purge: true, account: 'ada' })).rejects.toThrow(refused);
  expect(has('host.key')).toBe(true);
});

test('the key of an account stays unless its account is named', async () => {
  makeAccount();
  const purge = await agreeToPurge(folder, { purge: true, yes: true });
  expect(purge).toEqual({ keptAccount: 'ada', isAccountRemoved: false });
  expect(await leave(folder, { purge, timeoutMs: 1 })).toEqual({ wasRunning: false });
  expect([has('host.key'), has('account.key'), has('account.json')]).toEqual([false, true, true]);
  await expect(agreeToPurge(folder, { purge: true, yes: true, account: 'bob' })).rejects.toThrow(refused);
  const all = await agreeToPurge(folder, { purge: true, yes: true, account: 'ada' });
  expect(all).toEqual({ keptAccount: null, isAccountRemoved: true });
  await leave(folder, { purge: all, timeoutMs: 1 });
  expect(existsSync(folder)).toBe(false);
});

test('without an account there is none to keep or to name', async () => {
  expect(await agreeToPurge(folder, { purge: true, yes: true })).toEqual({
    keptAccount: null,
    isAccountRemoved: false,
  });
  await expect(agreeToPurge(folder, { purge: true, yes: true, account: 'ada' })).rejects.toThrow(refused);
});

test('nobody to leave is said, unless the folder is to be removed anyway', async () => {
  await expect(leave(folder, { purge: null, timeoutMs: 1 })).rejects.toThrow(
    expect.objectContaining({ code: 'MH-GEN-003' }),
  );
  expect(has('host.key')).toBe(true);
});

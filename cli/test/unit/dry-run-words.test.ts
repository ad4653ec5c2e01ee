// What a dry run says: which units, what came of them, and the cost in words; never an estimate from a failure.
import type { Estimate } from '@manyhands/sdk';
import { expect, test } from 'vitest';
import type { Tried } from '../../src/support/dry-run-words.js';
import { costLines, trialLines } from '../../src/support/dry-run-words.js';
import { createPalette } from '../../src/terminal-text.js';

const color = createPalette(false);
const bounds = { unitMs: 60_000, totalMs: 120_000 };
const ok: Tried = {
  name: 'a.txt',
  end: 'ok',
  build: 'all',
  elapsedMs: 1200,
  outcome: { kind: 'success', fuel: 3_100_000_000, stdout: new Uint8Array(12), exitCode: 0, stderrTail: '' } as never,
};
const failed: Tried = {
  ...ok,
  name: 'b.txt',
  end: 'failed',
  outcome: {
    ...{ kind: 'unit-failure', fuel: 5, exitCode: 5, code: 'MH-UNIT-002' },
    ...{ message: 'exit code 5 (only 0 counts as success; see --ok-exit)', stderrTail: 'one\n\u001b[31mtwo\n' },
  } as never,
};
const brokenOff: Tried = {
  ...ok,
  name: 'c.txt',
  end: 'broken-off',
  elapsedMs: 60_000,
  outcome: { kind: 'host-failure', code: 'MH-HOST-003', message: 'x', stderrTail: '' } as never,
};
const cost = (more: Partial<Estimate> = {}): Estimate => ({
  ...{ units: 1235, replicas: 2470, expectedDurationMs: 90_000, cpuHours: 60, creditMilli: 7, wallMs: undefined },
  ...more,
});

test('which units, by which seed, within which time, and what came of each', () => {
  expect(trialLines([ok, failed, brokenOff], { unitCount: 1235, seed: 7, bounds }, { color })).toEqual([
    'Tried 3 of 1,235 units, chosen at random (--seed 7), at most 1 min each and 2 min in all.',
    '  ok a.txt: 1 s, 3.1 G fuel, 12 B of output',
    '  x  b.txt: exit code 5 (only 0 counts as success; see --ok-exit) MH-UNIT-002',
    '       one',
    '        [31mtwo',
    '  …  c.txt: still running after 1 min, broken off here',
  ]);
  expect(trialLines([ok, ok], { unitCount: 2, seed: 7, bounds }, { color })[0]).toMatch(/^Tried all 2 units, at most/);
  expect(trialLines([ok], { unitCount: 1, seed: 7, bounds }, { color })[0]).toMatch(/^Tried the only unit, at most/);
});

test('the cost in words, with the computers that are online or an example', () => {
  expect(costLines(cost(), { trials: [ok], computersOnline: 0 })).toEqual([
    '  units     1,235, each on 2 computers, which must agree',
    '  each      about 1 min 30 s: use `--expect 90s`',
    '  cost      about 3 h on 20 computers; about 2 d 12 h on one',
  ]);
  expect(costLines(cost(), { trials: [ok], computersOnline: 4 })[2]).toBe(
    '  cost      about 15 h on 4 computers, as many as are online now; about 2 d 12 h on one',
  );
  expect(costLines(cost(), { trials: [ok], computersOnline: 1 })[2]).toBe(
    '  cost      about 2 d 12 h on 1 computer, as many as are online now',
  );
  expect(costLines(cost({ units: 3, replicas: 3, cpuHours: 3 }), { trials: [ok], computersOnline: 9 })).toEqual([
    '  units     3, each on one computer, unverified',
    '  each      about 1 min 30 s: use `--expect 90s`',
    '  cost      about 1 h on 9 computers, as many as are online now; about 3 h on one',
  ]);
});

test.each([
  [1, 'about 1 ms: use `--expect 1ms`; put about 1,000 inputs in a unit'],
  [7, 'about 7 ms: use `--expect 7ms`; put about 200 inputs in a unit'],
  [199, 'about 199 ms: use `--expect 199ms`; put about 6 inputs in a unit'],
  [200, 'about 200 ms: use `--expect 200ms`'],
  [9999, 'about 10 s: use `--expect 9999ms`'],
  [10_000, 'about 10 s: use `--expect 10s`'],
  [599_000, 'about 9 min 59 s: use `--expect 599s`'],
  [600_000, 'about 10 min: use `--expect 10m`'],
])('a unit of %d ms', (expectedDurationMs, words) => {
  expect(costLines(cost({ expectedDurationMs }), { trials: [ok], computersOnline: 0 })[1]).toBe(`  each      ${words}`);
});

test('no estimate from what failed or was broken off', () => {
  expect(costLines(null, { trials: [failed, brokenOff], computersOnline: 0 })).toEqual([
    expect.stringMatching(/^No estimate: no unit came to a good end/),
  ]);
  expect(costLines(null, { trials: [brokenOff], computersOnline: 0 })).toEqual([
    expect.stringMatching(/^No estimate: .* --try-for/),
  ]);
  expect(costLines(cost(), { trials: [ok, failed], computersOnline: 0 }).at(-1)).toBe(
    '  note      from the 1 that came to an end; the other may cost more',
  );
  expect(costLines(cost(), { trials: [ok, ok, failed, brokenOff], computersOnline: 0 }).at(-1)).toBe(
    '  note      from the 2 that came to an end; the 2 others may cost more',
  );
});

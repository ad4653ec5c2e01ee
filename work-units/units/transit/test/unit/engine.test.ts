// Instrumented, the unit does the same: in each build, in slices or not, for the same fuel.
import { expect, test } from 'vitest';
import { buildsOf, expectEqualRuns } from '../../../shared/test-support/engine-runs.js';
import { makeCurve, printCurve, transitModule } from '../../src/index.js';
import { runUnit } from '../support/run-unit.js';

// Real work, and test machines may be busy.

const builds = await buildsOf(transitModule());
const planet = { period: 3.5, epoch: 0.4, duration: 0.12, depth: 0.002 };
const stdin = printCurve(makeCurve({ days: 40, cadence: 1 / 24, noise: 0.001, seed: 3, planet }));

test('is a command in two builds', () => {
  expect(builds.abi).toBe('command');
  expect(builds.modules.map(([build]) => build).sort()).toEqual(['all', 'nonleaf']);
});

test.each([[['250000000', '100000', '300', '100', '1', '10']], [['1000000000', '1000000', '60', '500', '3', '50']]])(
  'equal in every build and slice: %j',
  (args) => {
    const { marks } = expectEqualRuns(builds, { args: ['transit', ...args], stdin }, runUnit({ args, stdin }));
    expect(marks).toBeGreaterThan(5);
  },
);

test('equal failures too', () => {
  const args = ['1', '1', '1', '1', '1', '1'];
  expectEqualRuns(builds, { args: ['transit', ...args], stdin }, runUnit({ args, stdin }));
});

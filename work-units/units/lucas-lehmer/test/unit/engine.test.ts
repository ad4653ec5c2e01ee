// Instrumented, the unit does the same: in each build, in slices or not, for the same fuel.
import { expect, test } from 'vitest';
import { buildsOf, expectEqualRuns } from '../../../shared/test-support/engine-runs.js';
import { lucasLehmerModule } from '../../src/index.js';
import { runUnit } from '../support/run-unit.js';

// Real work, and test machines may be busy.

const builds = await buildsOf(lucasLehmerModule());

test('is a command in two builds', () => {
  expect(builds.abi).toBe('command');
  expect(builds.modules.map(([build]) => build).sort()).toEqual(['all', 'nonleaf']);
});

test.each([[['1279', '100']], [['2203']], [['20011', '5', '20']]])('equal in every build and slice: %j', (args) => {
  const { marks } = expectEqualRuns(builds, { args: ['lucas-lehmer', ...args] }, runUnit(args));
  expect(marks).toBeGreaterThan(5);
});

test('equal failures too', () => {
  expectEqualRuns(builds, { args: ['lucas-lehmer', '9'] }, runUnit(['9']));
});

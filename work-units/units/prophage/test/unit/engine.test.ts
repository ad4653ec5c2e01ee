// Instrumented, the unit does the same: in each build, in slices or not, for the same fuel.
import { expect, test } from 'vitest';
import { buildsOf, expectEqualRuns } from '../../../shared/test-support/engine-runs.js';
import { prophageModule } from '../../src/index.js';
import { mutated, randomLetters, reverseComplement } from '../support/letters.js';
import { runUnit } from '../support/run-unit.js';

// Real work, and test machines may be busy.

const builds = await buildsOf(prophageModule());
const phage = randomLetters(21, 1500);
const files = [{ name: 'phage.fa', bytes: new TextEncoder().encode(phage) }];
const stdin =
  randomLetters(22, 300) + reverseComplement(mutated(phage.slice(200, 700), 23, 30)) + randomLetters(24, 300);

test('is a command in two builds', () => {
  expect(builds.abi).toBe('command');
  expect(builds.modules.map(([build]) => build).sort()).toEqual(['all', 'nonleaf']);
});

test.each(['+', '-'])('equal in every build and slice: strand %s', (strand) => {
  const args = [strand, '1165000'];
  const { marks } = expectEqualRuns(
    builds,
    { args: ['prophage', ...args], stdin, files },
    runUnit({ args, stdin, phage }),
  );
  expect(marks).toBeGreaterThan(3);
});

test('equal failures too', () => {
  const args = ['+', '1'];
  const expected = runUnit({ args, stdin, phage: undefined });
  expectEqualRuns(builds, { args: ['prophage', ...args], stdin }, expected);
});

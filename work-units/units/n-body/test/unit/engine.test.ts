// Instrumented, the unit does the same: in each build, in slices or not, for the same fuel.
import { expect, test } from 'vitest';
import { buildsOf, expectEqualRuns } from '../../../shared/test-support/engine-runs.js';
import { figureEight, nBodyModule, nBodyStepModule, planUnits, quietSphere, type Simulation } from '../../src/index.js';
import { runUnit } from '../support/run-unit.js';

// Real work, and test machines may be busy.

const command = await buildsOf(nBodyModule());
const steps = await buildsOf(nBodyStepModule());

test('is a command in two builds, and a module of steps in one', () => {
  expect(command.abi).toBe('command');
  expect(command.modules.map(([build]) => build).sort()).toEqual(['all', 'nonleaf']);
  expect(steps.abi).toBe('step');
  expect(steps.modules.map(([build]) => build)).toEqual(['step']);
});

test.each<Simulation>([
  { name: 'eight', bodies: figureEight(), steps: 5000, stepTime: 0.001, interval: 1000 },
  {
    name: 'sphere',
    bodies: quietSphere({ bodies: 64, speed: 0.3 }),
    steps: 100,
    stepTime: 0.01,
    softening: 0.05,
    interval: 30,
  },
])('equal in every build and slice: $name', (simulation) => {
  const [unit] = planUnits([simulation]);
  const input = { args: ['n-body', ...(unit?.args ?? [])], stdin: new TextDecoder().decode(unit?.stdin) };
  const expected = runUnit({ ...input, args: unit?.args ?? [] });
  expect(expected.exitCode).toBe(0);
  for (const builds of [command, steps]) expect(expectEqualRuns(builds, input, expected).marks).toBeGreaterThan(5);
});

test('equal failures too', () => {
  const input = { args: ['n-body', '1', '0', '0'], stdin: '' };
  const expected = runUnit({ args: ['1', '0', '0'] });
  for (const builds of [command, steps]) expectEqualRuns(builds, input, expected);
});

test('the largest system fits the step that hosts allow', () => {
  const bodies = quietSphere({ bodies: 4096, speed: 0.1 });
  const [unit] = planUnits([{ name: 'largest', bodies, steps: 1, stepTime: 0.01, softening: 0.05 }]);
  const input = { args: ['n-body', ...(unit?.args ?? [])], stdin: new TextDecoder().decode(unit?.stdin) };
  const expected = runUnit({ ...input, args: unit?.args ?? [] });
  expect(expected.exitCode).toBe(0);
  expectEqualRuns(steps, input, expected);
});

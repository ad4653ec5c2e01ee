// The unit against a plain implementation bit by bit, against the laws of conservation, and every way to be refused.
import { expect, test } from 'vitest';
import {
  angularMomentumOf,
  benchmarkUnit,
  binary,
  bitsOf,
  figureEight,
  momentumOf,
  parseOutput,
  printBodies,
  quietSphere,
  type Simulation,
  summarise,
} from '../../src/index.js';
import { plainOutput } from '../support/plain-hermite.js';
import { runUnit, simulate, stdoutOf } from '../support/run-unit.js';

// Real work, and test machines may be busy.

const cases: [string, Omit<Simulation, 'name'>][] = [
  [
    'two bodies',
    { bodies: binary({ masses: [2, 1], semiMajorAxis: 1, eccentricity: 0.7 }), steps: 300, stepTime: 0.01 },
  ],
  ['the figure eight', { bodies: figureEight(), steps: 500, stepTime: 0.003, interval: 7 }],
  [
    'a sphere, softened',
    { bodies: quietSphere({ bodies: 40, speed: 0.2 }), steps: 60, stepTime: 0.01, softening: 0.05, interval: 20 },
  ],
  ['a sphere, not softened', { bodies: quietSphere({ bodies: 24, speed: 0.4 }), steps: 100, stepTime: 1 / 256 }],
  ['one step', { bodies: quietSphere({ bodies: 5, speed: 1 }), steps: 1, stepTime: 1e-5, softening: 1e-3 }],
  [
    'a body without mass',
    {
      bodies: [...figureEight(), { mass: 0, position: [0, 0, 3], velocity: [-0, 0, -1e-300] }],
      steps: 50,
      stepTime: 0.01,
    },
  ],
];

test.each(cases)('%s: every bit as in the plain implementation', (_, simulation) => {
  expect(stdoutOf(simulation)).toBe(plainOutput(simulation));
});

test('a sphere that falls together keeps energy, momentum and angular momentum', () => {
  const { bodies } = { bodies: quietSphere({ bodies: 64, speed: 0.3 }) };
  const run = simulate({ bodies, steps: 2000, stepTime: 1 / 1024, softening: 1 / 32, interval: 100 });
  const [summary] = summarise([{ name: 'sphere', run }]);
  expect(summary?.energyError).toBeLessThan(1e-5);
  expect(Math.hypot(...momentumOf(run.bodies))).toBeLessThan(1e-14);
  const [before, after] = [angularMomentumOf(bodies), angularMomentumOf(run.bodies)];
  for (const axis of [0, 1, 2] as const) expect(after[axis]).toBeCloseTo(before[axis], 8);
  // It did fall together: half its bodies are nearer to the centre than half the radius.
  const radii = run.bodies.map(({ position }) => Math.hypot(...position)).sort((left, right) => left - right);
  expect(radii[31]).toBeLessThan(0.5);
});

test('the output continues where the run ended: two halves are the whole', () => {
  const options = { stepTime: 0.002, softening: 0.1 };
  const bodies = quietSphere({ bodies: 12, speed: 0.5 });
  const whole = simulate({ ...options, bodies, steps: 200 });
  const half = simulate({ ...options, bodies, steps: 100 });
  const rest = simulate({ ...options, bodies: half.bodies, steps: 100 });
  expect(half.energies[1]?.energy).toBe(rest.energies[0]?.energy);
  const gaps = whole.bodies.flatMap((body, index) =>
    body.position.map((value, axis) => Math.abs(value - (rest.bodies[index]?.position[axis] ?? 9))),
  );
  // Not bit by bit: forces at the seam are evaluated at the corrected places, not at the predicted ones.
  expect(Math.max(...gaps)).toBeLessThan(1e-9);
});

const ONE = bitsOf(1);
const ZERO = bitsOf(0);
const PAIR = printBodies(binary({ masses: [1, 1], semiMajorAxis: 1, eccentricity: 0 }));

test('reads in small pieces', () => {
  const args = ['3', bitsOf(0.5), ZERO];
  expect(runUnit({ args, stdin: PAIR, readBytes: 5 })).toEqual(runUnit({ args, stdin: PAIR }));
  expect(parseOutput(runUnit({ args, stdin: PAIR }).stdout).bodies).toHaveLength(2);
});

const USAGE = 'usage: n-body <steps> <step time> <softening> [interval]';
const STEP_TIME = 'the step time must be the 16 hexadecimal digits of a number above 0';
const SOFTENING = 'the softening must be the 16 hexadecimal digits of a number from 0 on';
test.each<[string[], string]>([
  [[], USAGE],
  [['1', ONE], USAGE],
  [['1', ONE, ONE, '1', '1'], USAGE],
  [['0', ONE, ZERO], 'the steps must be a number from 1 to 1000000000'],
  [['1000000001', ONE, ZERO], 'the steps must be a number from 1 to 1000000000'],
  [['1', ZERO, ZERO], STEP_TIME],
  [['1', bitsOf(-1), ZERO], STEP_TIME],
  [['1', bitsOf(Number.NaN), ZERO], STEP_TIME],
  [['1', bitsOf(Number.POSITIVE_INFINITY), ZERO], STEP_TIME],
  [['1', '1.5', ZERO], STEP_TIME],
  [['1', `${ONE}0`, ZERO], STEP_TIME],
  [['1', ONE.slice(1), ZERO], STEP_TIME],
  [['1', ONE, bitsOf(-1)], SOFTENING],
  [['1', ONE, 'x'], SOFTENING],
  [['1', ONE, ZERO, '0'], 'the interval must be a number from 1 to 1000000000'],
])('wrong arguments: %j', (args, message) => {
  expect(runUnit({ args, stdin: PAIR })).toEqual({ exitCode: 2, stdout: '', stderr: `n-body: ${message}\n` });
});

const LENGTH = 'there must be a line of 119 bytes for each of at least two bodies';
const FIELDS = 'a line must be seven fields of 16 hexadecimal digits, between tabs';
test.each([
  ['nothing', '', LENGTH],
  ['one body', PAIR.slice(0, 119), LENGTH],
  ['half a line more', PAIR + PAIR.slice(0, 60), LENGTH],
  ['no last end of line', PAIR.slice(0, -1), LENGTH],
  ['spaces', PAIR.replaceAll('\t', ' '), FIELDS],
  ['other digits', PAIR.replace('0', 'g'), FIELDS],
  ['a number that is none', PAIR.replace(ZERO, bitsOf(Number.NaN)), FIELDS],
  ['a mass below 0', PAIR.replace(ONE, bitsOf(-1)), 'a mass is below 0'],
  ['too many bodies', PAIR.repeat(2049), 'there are more than 4096 bodies'],
])('bad input: %s', (_, stdin, message) => {
  expect(runUnit({ args: ['1', ONE, ZERO], stdin })).toEqual({
    exitCode: 3,
    stdout: '',
    stderr: `n-body: ${message}\n`,
  });
});

test('the largest system is taken', () => {
  const stdin = printBodies(quietSphere({ bodies: 4096, speed: 0 }));
  expect(runUnit({ args: ['1', bitsOf(1e-3), bitsOf(0.1)], stdin }).exitCode).toBe(0);
});

test('two bodies in one place are no result, and softened they are one', () => {
  const stdin = PAIR.slice(0, 119).repeat(2);
  const stderr = 'n-body: two bodies met, or a number grew beyond bounds\n';
  expect(runUnit({ args: ['1', ONE, ZERO], stdin })).toEqual({ exitCode: 4, stdout: '', stderr });
  expect(runUnit({ args: ['1', ONE, ONE], stdin }).exitCode).toBe(0);
});

test('fails when stdout cannot be written', () => {
  const stderr = 'n-body: stdout cannot be written\n';
  expect(runUnit({ args: ['1', ONE, ZERO], stdin: PAIR, stdoutErrno: 29 })).toEqual({
    exitCode: 6,
    stdout: '',
    stderr,
  });
});

test('the benchmark is a sound unit', () => {
  const { args, stdin } = benchmarkUnit();
  const { stdout } = runUnit({ args: args.with(0, '3'), stdin: new TextDecoder().decode(stdin) });
  const { bodies, energies } = parseOutput(stdout);
  expect(bodies).toHaveLength(256);
  expect(energies[0]?.energy).toBeCloseTo(-0.5409, 4);
});

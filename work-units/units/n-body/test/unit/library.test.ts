// Planner, parser and reducer.
import { expect, test } from 'vitest';
import {
  bitsOf,
  figureEight,
  floatOf,
  parseBody,
  parseOutput,
  planUnits,
  printBodies,
  quietSphere,
  type Simulation,
  summarise,
} from '../../src/index.js';
import { plainOutput } from '../support/plain-hermite.js';

const EIGHT: Simulation = { name: 'eight', bodies: figureEight(), steps: 10, stepTime: 0.5 };

test.each([
  [0, '0000000000000000'],
  [-0, '8000000000000000'],
  [1, '3ff0000000000000'],
  [0.1, '3fb999999999999a'],
  [Number.MIN_VALUE, '0000000000000001'],
])('%d is %s', (value, bits) => {
  expect(bitsOf(value)).toBe(bits);
  expect(Object.is(floatOf(bits), value)).toBe(true);
});

test('plans arguments and bodies', () => {
  const [plain, full] = planUnits([EIGHT, { ...EIGHT, name: 'other', softening: 2, interval: 5 }]);
  expect(plain?.args).toEqual(['10', '3fe0000000000000', '0000000000000000']);
  expect(full?.args).toEqual(['10', '3fe0000000000000', '4000000000000000', '5']);
  const lines = new TextDecoder().decode(plain?.stdin).split('\n');
  expect(lines.map((line) => line.length)).toEqual([118, 118, 118, 0]);
  expect(lines.slice(0, 3).map(parseBody)).toEqual(figureEight());
});

const mangled = (change: object) =>
  [{ ...EIGHT.bodies[0], ...change }, ...EIGHT.bodies.slice(1)] as Simulation['bodies'];
test.each<[string, Partial<Simulation>]>([
  ['one body', { bodies: EIGHT.bodies.slice(0, 1) }],
  ['4,097 bodies', { bodies: quietSphere({ bodies: 4097, speed: 0 }) }],
  ['a mass below 0', { bodies: mangled({ mass: -1 }) }],
  ['an infinite place', { bodies: mangled({ position: [0, Number.POSITIVE_INFINITY, 0] }) }],
  ['a velocity that is no number', { bodies: mangled({ velocity: [0, 0, Number.NaN] }) }],
  ['no steps', { steps: 0 }],
  ['half a step', { steps: 1.5 }],
  ['too many steps', { steps: 1_000_000_001 }],
  ['no step time', { stepTime: 0 }],
  ['a step time that is no number', { stepTime: Number.NaN }],
  ['a softening below 0', { softening: -1 }],
  ['an interval of 0', { interval: 0 }],
])('does not plan %s', (_, change) => {
  expect(() => planUnits([{ ...EIGHT, ...change }])).toThrow(expect.objectContaining({ code: 'N_BODY_PLAN_INVALID' }));
});

test('does not plan two simulations of one name', () => {
  expect(() => planUnits([EIGHT, EIGHT])).toThrow(expect.objectContaining({ code: 'N_BODY_PLAN_INVALID' }));
});

const SHORT = { bodies: figureEight(), steps: 5, stepTime: 0.01, interval: 2 };
const GOOD = plainOutput(SHORT);

test('parses what the unit prints', () => {
  const run = parseOutput(GOOD);
  expect(run).toMatchObject({ steps: 5, stepTime: 0.01, softening: 0 });
  expect(run.energies.map(({ step }) => step)).toEqual([0, 2, 4, 5]);
  expect(printBodies(run.bodies)).toBe(GOOD.split('\n').slice(5).join('\n'));
  expect(parseOutput(plainOutput({ ...SHORT, steps: 4 })).energies.map(({ step }) => step)).toEqual([0, 2, 4]);
});

test.each<[string, (text: string) => string]>([
  ['nothing', () => ''],
  ['another version', (text) => text.replace('/1', '/2')],
  ['no last end of line', (text) => text.slice(0, -1)],
  ['a line too many', (text) => `${text}\n`],
  ['a body missing', (text) => text.slice(0, -119)],
  ['an energy missing', (text) => text.replace(/energy\t2.*\n/, '')],
  ['an energy of another step', (text) => text.replace('energy\t2', 'energy\t3')],
  ['a body that is none', (text) => text.replace(/\t[\da-f]+\n$/, '\t12\n')],
  ['a place that is no number', (text) => text.replace(/\t[\da-f]{16}\n$/, '\t7ff8000000000000\n')],
])('refuses %s', (_, change) => {
  const changed = change(GOOD);
  expect(changed).not.toBe(GOOD);
  expect(() => parseOutput(changed)).toThrow(expect.objectContaining({ code: 'N_BODY_OUTPUT_INVALID' }));
});

test('sums up runs, the worst first', () => {
  const runs = [0.001, 0.05].map((stepTime) => ({
    name: `${stepTime}`,
    run: parseOutput(plainOutput({ bodies: figureEight(), stepTime, steps: 40 })),
  }));
  const summaries = summarise(runs);
  expect(summaries.map(({ name }) => name)).toEqual(['0.05', '0.001']);
  expect(summaries).toEqual(summarise([...runs].reverse()));
  const [worst, best] = summaries;
  expect(best?.energyError).toBeLessThan((worst?.energyError ?? 0) / 1000);
  expect(worst?.momentum).toBeLessThan(1e-14);
  expect(Math.hypot(...(best?.angularMomentum ?? [9]))).toBeLessThan(1e-13);
});

// The unit against a plain implementation digit by digit, and every way to be refused.
import { expect, test } from 'vitest';
import { benchmarkUnit, makeCurve, type Point, printCurve } from '../../src/index.js';
import { type PlainSearch, plainOutput } from '../support/plain-boxes.js';
import { runUnit, stdoutOf } from '../support/run-unit.js';

// Real work, and test machines may be busy.

const PLANET = { period: 2.2, epoch: 0.4, duration: 0.12, depth: 0.002 };
const CURVE = makeCurve({ days: 30, cadence: 1 / 30, noise: 0.001, seed: 3, planet: PLANET, gaps: [[5, 6]] });
const SEARCH: PlainSearch = { curve: CURVE, first: 4e8, step: 1e5, count: 400, bins: 100, shortest: 2, longest: 12 };

function inputOf({ curve, first, step, count, bins, shortest, longest }: PlainSearch) {
  return { args: [first, step, count, bins, shortest, longest].map(String), stdin: printCurve(curve) };
}

const flat = (flux: number): Point[] => Array.from({ length: 20 }, (_, index) => ({ time: index * 1000, flux }));
const shifted = CURVE.map(({ time, flux }) => ({ time: time + 2_459_000_000_000, flux }));
const dips = flat(1e9).map(({ time }, index) => ({ time, flux: index < 5 ? 0 : 4e9 }));

test.each<[string, Partial<PlainSearch>]>([
  ['a planet', {}],
  ['a curve that starts late', { curve: shifted }],
  ['many bins', { bins: 1000, shortest: 1, longest: 500, count: 3 }],
  ['two bins', { bins: 2, shortest: 1, longest: 1 }],
  ['one trial, of the planet itself', { first: Math.round(1e9 / 2.2), count: 1 }],
  ['the highest frequency', { first: 1e11, count: 1 }],
  ['the lowest frequency', { first: 1, count: 1 }],
  ['the largest differences', { curve: dips, count: 50, first: 1e9, step: 1e8 }],
  ['a bin count that is no power of two, at the seam', { bins: 9999, shortest: 1, longest: 3, count: 3 }],
  ['no difference at all', { curve: flat(1e9) }],
  ['no light at all', { curve: flat(0) }],
])('%s: every digit as in the plain implementation', (_, change) => {
  const search = { ...SEARCH, ...change };
  const output = runUnit(inputOf(search));
  expect(output).toEqual({ exitCode: 0, stderr: '', stdout: plainOutput(search) });
  expect(output.stdout).toMatch(/\n(none|best\t.*)\n$/);
});

test('five points make a transit, four do not', () => {
  const curve = (dark: number) => flat(1e9).map(({ time }, index) => ({ time, flux: index < dark ? 9e8 : 1e9 }));
  // A cycle as long as the curve, and a bin for each point.
  const search = { ...SEARCH, first: 5.0001e10, step: 1, count: 1, bins: 20, shortest: 1, longest: 4 };
  expect(runUnit(inputOf({ ...search, curve: curve(4) })).stdout).toContain('none');
  expect(runUnit(inputOf({ ...search, longest: 5, curve: curve(5) })).stdout).toContain('best\t0\t0\t5\t5\t100000000');
});

test('reads in small pieces', () => {
  const input = inputOf({ ...SEARCH, count: 2 });
  expect(runUnit({ ...input, readBytes: 7 })).toEqual(runUnit(input));
});

const ARGS = ['1000', '10', '2', '100', '2', '10'];
const changed = (index: number, value: string) => ARGS.with(index, value);
const USAGE = 'usage: transit <first> <step> <count> <bins> <shortest> <longest>';
const NUMBER = 'an argument is no whole number from 1 to its limit';
const BINS = 'a transit must have shortest to longest bins, at most half of all';
test.each<[string[], string]>([
  [[], USAGE],
  [ARGS.slice(1), USAGE],
  [[...ARGS, '1'], USAGE],
  ...ARGS.flatMap((_, index) =>
    ['0', '-1', '1.5', 'x', ''].map((value): [string[], string] => [changed(index, value), NUMBER]),
  ),
  [changed(0, '100000000001'), NUMBER],
  [changed(2, '1000001'), NUMBER],
  [changed(3, '10001'), NUMBER],
  [changed(1, '100000000000'), 'the last frequency is above 100000000000'],
  [changed(4, '11'), BINS],
  [changed(5, '51'), BINS],
])('wrong arguments: %j', (args, message) => {
  expect(runUnit({ args, stdin: printCurve(CURVE) })).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `transit: ${message}\n`,
  });
});

const LINE = 'a line must be a time, a tab and a brightness, both whole numbers';
const GOOD = printCurve(CURVE.slice(0, 25));
test.each([
  ['nothing', '', 'the light curve has fewer than 20 points'],
  ['19 points', printCurve(CURVE.slice(0, 19)), 'the light curve has fewer than 20 points'],
  ['no last end of line', GOOD.slice(0, -1), LINE],
  ['spaces', GOOD.replaceAll('\t', ' '), LINE],
  ['an empty line', `${GOOD}\n`, LINE],
  ['a field too many', GOOD.replace('\n', '\t1\n'), LINE],
  ['no time', GOOD.replace(/\n\d+/, '\n'), LINE],
  ['a sign', GOOD.replace('\t', '\t-'), LINE],
  ['a fraction', GOOD.replace('\n', '.5\n'), LINE],
  ['too much light', GOOD.replace(/\t\d+/, '\t4000000001'), LINE],
  ['too late', GOOD.replace(/\n\d+\t(\d+)\n$/, '\n10000000000001\t$1\n'), LINE],
  ['an endless number', GOOD.replace('\t', '9'.repeat(40)), LINE],
  ['times that stand', printCurve([...CURVE.slice(0, 25), ...CURVE.slice(24, 25)]), 'the times do not rise'],
  [
    'too many points',
    printCurve(Array.from({ length: 200_001 }, (_, time) => ({ time, flux: 1 }))),
    'the light curve has more than 200000 points',
  ],
  ['too many bytes', '0'.repeat((1 << 23) + 1), 'the light curve is longer than 8388608 bytes'],
])('bad input: %s', (_, stdin, message) => {
  expect(runUnit({ args: ARGS, stdin })).toEqual({ exitCode: 3, stdout: '', stderr: `transit: ${message}\n` });
});

test('fails when stdout cannot be written', () => {
  const stderr = 'transit: stdout cannot be written\n';
  expect(runUnit({ args: ARGS, stdin: GOOD, stdoutErrno: 29 })).toEqual({ exitCode: 6, stdout: '', stderr });
});

test('the benchmark is a sound unit', () => {
  const unit = benchmarkUnit();
  expect(stdoutOf({ ...unit, args: unit.args.with(2, '2') })).toMatch(/^#transit\/1\t70080\t0\t/);
});

// Made-up curves, planner, parser and reducer.
import { expect, test } from 'vitest';
import {
  makeCurve,
  mergeRanges,
  type PlanOptions,
  type Point,
  parseOutput,
  planUnits,
  type Range,
} from '../../src/index.js';
import { plainOutput } from '../support/plain-boxes.js';

const CURVE = makeCurve({ days: 10, cadence: 0.1, noise: 0.001, seed: 5 });
const PLAN: PlanOptions = { curve: CURVE, shortestPeriod: 1, longestPeriod: 5, trialsPerUnit: 500 };

test('a made-up curve is the same every time, with the noise that was asked for', () => {
  const curve = makeCurve({ days: 100, cadence: 0.01, noise: 0.001, seed: 1 });
  expect(curve).toEqual(makeCurve({ days: 100, cadence: 0.01, noise: 0.001, seed: 1 }));
  expect(curve).not.toEqual(makeCurve({ days: 100, cadence: 0.01, noise: 0.001, seed: 2 }));
  expect(curve).toHaveLength(10_000);
  const mean = curve.reduce((sum, { flux }) => sum + flux, 0) / curve.length;
  const deviation = Math.sqrt(curve.reduce((sum, { flux }) => sum + (flux - mean) ** 2, 0) / curve.length);
  expect(Math.abs(mean - 1e9)).toBeLessThan(4e4);
  expect(Math.abs(deviation / 1e6 - 1)).toBeLessThan(0.03);
});

test('a made-up planet darkens its star in its transits only; gaps have no points', () => {
  const planet = { period: 2, epoch: 0.5, duration: 0.2, depth: 0.01 };
  const curve = makeCurve({ days: 10, cadence: 0.05, noise: 0, seed: 1, planet, gaps: [[4, 6]] });
  expect(curve).toHaveLength(160);
  for (const { time, flux } of curve) {
    const phase = (time / 1e6) % 2;
    if (Math.abs(phase - 0.5) < 0.09) expect(flux, `${time}`).toBe(990_000_000);
    if (Math.abs(phase - 0.5) > 0.11) expect(flux, `${time}`).toBe(1_000_000_000);
  }
});

test('ranges cover the periods without gap or overlap', () => {
  const units = planUnits(PLAN);
  const numbers = units.map(({ args }) => args.map(Number) as [number, number, number, ...number[]]);
  expect(numbers[0]?.[0]).toBe(200_000_000);
  for (const [index, [first, step, count]] of numbers.entries()) {
    expect(count).toBe(index < units.length - 1 ? 500 : count);
    const next = numbers[index + 1]?.[0];
    if (next !== undefined) expect(next).toBe(first + step * count);
    else expect(Math.abs(first + step * (count - 1) - 1e9)).toBeLessThan(step);
  }
  // A transit may drift by one of 200 bins over 9.9 days.
  expect(numbers[0]?.[1]).toBe(Math.floor(1e9 / 200 / 9.9));
  expect(new Set(units.map(({ name }) => name)).size).toBe(units.length);
  expect(units.map(({ name }) => name).sort()).toEqual(units.map(({ name }) => name));
  expect(units.every(({ stdin }) => stdin === units[0]?.stdin)).toBe(true);
});

const moved = (change: Partial<Point>) => CURVE.with(10, { ...(CURVE[10] as Point), ...change });
test.each<[string, Partial<PlanOptions>]>([
  ['too few points', { curve: CURVE.slice(0, 19) }],
  ['times that fall', { curve: moved({ time: 5 }) }],
  ['a fraction of a time', { curve: moved({ time: 1_000_000.5 }) }],
  ['a negative brightness', { curve: moved({ flux: -1 }) }],
  ['too bright', { curve: moved({ flux: 4e9 + 1 }) }],
  ['no period', { shortestPeriod: 0 }],
  ['periods in the wrong order', { shortestPeriod: 6 }],
  ['a frequency over 100', { shortestPeriod: 0.001 }],
  ['half a bin', { bins: 100.5 }],
  ['too many bins', { bins: 10_001 }],
  ['transits of half the orbit', { longestTransit: 101 }],
  ['no transits', { shortestTransit: 30 }],
  ['no drift', { drift: 0 }],
  ['no trials', { trialsPerUnit: 0 }],
  ['too many trials', { trialsPerUnit: 1_000_001 }],
])('does not plan %s', (_, change) => {
  expect(() => planUnits({ ...PLAN, ...change })).toThrow(expect.objectContaining({ code: 'TRANSIT_PLAN_INVALID' }));
});

const outputOf = (first: number, count: number) =>
  plainOutput({ curve: CURVE, first, step: 1e6, count, bins: 50, shortest: 2, longest: 10 });
const GOOD = outputOf(3e8, 6);

test('parses what the unit prints', () => {
  const range = parseOutput(GOOD);
  expect(range).toMatchObject({ points: 100, firstTime: 0, first: 3e8, step: 1e6, bins: 50, shortest: 2, longest: 10 });
  expect(range.residues).toHaveLength(6);
  expect(range.residues[range.best?.trial ?? -1]).toBe(Math.max(...range.residues));
});

test.each<[string, (text: string) => string]>([
  ['nothing', () => ''],
  ['another version', (text) => text.replace('/1', '/2')],
  ['no last end of line', (text) => text.slice(0, -1)],
  ['a line too many', (text) => `${text}\n`],
  ['a residue missing', (text) => text.replace(/\n\d+\n/, '\n')],
  ['a residue that is none', (text) => text.replace(/\n\d+\n/, '\n1e9\n')],
  ['a residue beyond whole numbers', (text) => text.replace(/\n\d+\n/, '\n9999999999999999\n')],
  ['another trial as the best', (text) => text.replace(/best\t(\d)/, (_, trial) => `best\t${(Number(trial) + 1) % 6}`)],
  ['no best', (text) => text.replace(/best.*/, 'none')],
  ['a box without width', (text) => text.replace(/(best\t\d\t\d+)\t\d+/, '$1\t0')],
  ['all points in the transit', (text) => text.replace(/(best\t\d\t\d+\t\d+)\t\d+/, '$1\t100')],
])('refuses %s', (_, change) => {
  const changed = change(GOOD);
  expect(changed).not.toBe(GOOD);
  expect(() => parseOutput(changed)).toThrow(expect.objectContaining({ code: 'TRANSIT_OUTPUT_INVALID' }));
});

test('joins ranges in any order', () => {
  const whole = mergeRanges([parseOutput(outputOf(3e8, 30))]);
  const parts = [3e8, 3.1e8, 3.2e8].map((first) => parseOutput(outputOf(first, 10)));
  for (const order of [parts, [...parts].reverse()]) expect(mergeRanges(order)).toEqual(whole);
  expect(whole.residues).toHaveLength(30);
});

test('ranges that do not fit together are refused', () => {
  const [left, right] = [3e8, 3.1e8].map((first) => parseOutput(outputOf(first, 10))) as [Range, Range];
  const refused: Range[][] = [
    [],
    [left, left],
    [left, { ...right, first: right.first + 1 }],
    [left, { ...right, points: 99 }],
    [left, { ...right, firstTime: 1 }],
    [left, { ...right, bins: 60 }],
    [left, { ...right, longest: 11 }],
  ];
  for (const ranges of refused) {
    expect(() => mergeRanges(ranges)).toThrow(expect.objectContaining({ code: 'TRANSIT_RANGES_INVALID' }));
  }
});

test('no box darker than the rest: no candidate', () => {
  const curve = Array.from({ length: 20 }, (_, index) => ({ time: index, flux: 7 }));
  const output = plainOutput({ curve, first: 1000, step: 1, count: 3, bins: 10, shortest: 1, longest: 2 });
  expect(mergeRanges([parseOutput(output)])).toEqual({
    residues: [0, 0, 0],
    first: 1000,
    step: 1,
    candidate: undefined,
  });
});

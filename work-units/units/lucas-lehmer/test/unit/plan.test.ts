// Which exponents become units.
import { expect, test } from 'vitest';
import { benchmarkUnit, LucasLehmerError, MAX_EXPONENT, planUnits } from '../../src/index.js';
import { runUnit } from '../support/run-unit.js';

test('one unit for each odd prime of the range', () => {
  expect(planUnits({ from: 3, to: 31 }).map(({ exponent }) => exponent)).toEqual([3, 5, 7, 11, 13, 17, 19, 23, 29, 31]);
  expect(planUnits({ from: 4, to: 4 })).toEqual([]);
  expect(planUnits({ from: 99_999_980, to: MAX_EXPONENT }).map(({ exponent }) => exponent)).toEqual([99_999_989]);
});

test('names sort by exponent; the interval is an argument where it fits', () => {
  const units = planUnits({ from: 997, to: 1009, interval: 1000 });
  expect(units).toEqual([
    { name: 'M000000997', exponent: 997, args: ['997'] },
    { name: 'M000001009', exponent: 1009, args: ['1009', '1000'] },
  ]);
  for (const { args } of units) expect(runUnit(args).exitCode).toBe(0);
});

test('the benchmark is a sound unit', () => {
  const { name, args } = benchmarkUnit();
  expect(name).toBe('M000044497');
  expect(runUnit([...args, 10, 10]).stdout).toMatch(/^#lucas-lehmer\/1\t44497\t10\t10\n10\t/);
});

test.each([
  { from: 2, to: 10 },
  { from: 11, to: 10 },
  { from: 3.5, to: 10 },
  { from: 3, to: 100_000_001 },
  { from: 3, to: 10, interval: 0 },
  { from: 3, to: 10, interval: 1.5 },
])('refuses %j', (options) => {
  expect(() => planUnits(options)).toThrow(expect.objectContaining({ code: 'LUCAS_LEHMER_PLAN_INVALID' }));
  expect(() => planUnits(options)).toThrow(LucasLehmerError);
});

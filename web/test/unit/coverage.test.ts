import { describe, expect, test } from 'vitest';
import { comparedShare, findUncovered } from '../../src/stretches/coverage.js';

const axis = { start: 1, end: 100 };
const both = (start: number, end: number) => [
  { start, end, strand: '+' as const },
  { start, end, strand: '-' as const },
];

describe('what is not compared yet', () => {
  test('is everything at first and nothing in the end', () => {
    expect(findUncovered(axis, [])).toEqual([{ start: 1, end: 100, level: 'none' }]);
    expect(findUncovered(axis, [...both(1, 60), ...both(40, 100)])).toEqual([]);
  });

  test('has no gap after a short window inside a longer one', () => {
    expect(findUncovered(axis, [...both(1, 60), ...both(10, 20), ...both(50, 100)])).toEqual([]);
  });

  test('is half where one direction is missing', () => {
    const parts = findUncovered(axis, [...both(1, 20), { start: 10, end: 50, strand: '+' }]);
    expect(parts).toEqual([
      { start: 21, end: 50, level: 'half' },
      { start: 51, end: 100, level: 'none' },
    ]);
    expect(comparedShare(axis, parts)).toBeCloseTo(0.2 + 0.15);
  });

  test('is found whatever the order of the windows', () => {
    const windows = [...both(80, 100), ...both(1, 10), ...both(5, 30)];
    expect(findUncovered(axis, windows)).toEqual([{ start: 31, end: 79, level: 'none' }]);
    expect(comparedShare(axis, findUncovered(axis, windows))).toBeCloseTo(0.51);
  });
});

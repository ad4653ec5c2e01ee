// Medians and their intervals.
import { expect, test } from 'vitest';
import { estimate, median } from '../../src/bench/engine/statistics.js';

test('the median of odd and even counts', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('nine numbers: from the second to the eighth, which is 96 %', () => {
  const { median: middle, low, high, confidence } = estimate([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect([low, middle, high]).toEqual([2, 5, 8]);
  expect(confidence).toBeCloseTo(0.961, 3);
});

test('few numbers: all of them, and less confidence', () => {
  expect(estimate([2, 1, 3])).toMatchObject({ low: 1, high: 3, confidence: 0.75 });
});

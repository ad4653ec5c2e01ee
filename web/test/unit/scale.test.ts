import { describe, expect, test } from 'vitest';
import { axisUnit, countTicks, linear, niceStep, ticks } from '../../src/charts/scale.js';

describe('axes', () => {
  test('have round steps', () => {
    expect([niceStep(100, 5), niceStep(48_502, 5), niceStep(0.7, 7)]).toEqual([20, 10_000, 0.1]);
    expect(ticks(1_165_000, 1_265_000, 5)).toEqual([1_180_000, 1_200_000, 1_220_000, 1_240_000, 1_260_000]);
  });

  test('of counts start at zero, are whole and end at or above the most', () => {
    expect(countTicks(19, 2)).toEqual([0, 10, 20]);
    expect(countTicks(1, 2)).toEqual([0, 1]);
    expect(countTicks(0, 2)).toEqual([0, 1]);
    for (let most = 1; most < 500; most += 7)
      expect(countTicks(most, 2).at(-1), `${most}`).toBeGreaterThanOrEqual(most);
  });

  test('are written in thousands and millions', () => {
    expect([axisUnit(900).word, axisUnit(48_502).word, axisUnit(4_938_920).word]).toEqual(['', 'thousand', 'million']);
  });

  test('map values to pixels, also upside down', () => {
    expect(linear([0, 10], [100, 0])(2.5)).toBe(75);
    expect(linear([5, 5], [0, 100])(5)).toBe(0);
  });
});

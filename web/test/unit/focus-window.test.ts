import { describe, expect, test } from 'vitest';
import { focusWindow, mainCluster } from '../../src/dot-plot/focus-window.js';
import type { Segment } from '../../src/stretches/segments.js';

const at = (xStart: number, xEnd: number, score = 100): Segment => ({
  xStart,
  xEnd,
  yStart: 1,
  yEnd: 100,
  strand: '+',
  score,
  matchCount: 1,
  columnCount: 1,
  runs: null,
});
const genome = { start: 1, end: 4_938_920 };

describe('the part worth enlarging', () => {
  test('is the whole axis while nothing was found, or when the matches fill much of it', () => {
    expect(focusWindow(genome, null)).toBe(genome);
    const region = { start: 1_165_000, end: 1_265_000 };
    expect(focusWindow(region, { start: 1_191_160, end: 1_236_159 })).toBe(region);
  });

  test('holds the heaviest cluster, on round numbers', () => {
    const cluster = mainCluster(
      [at(300_000, 300_100), at(1_191_160, 1_193_934, 5000), at(1_207_381, 1_225_916, 9000)],
      48_502,
    );
    expect(cluster).toEqual({ start: 1_191_160, end: 1_225_916 });
    const { start, end } = focusWindow(genome, cluster);
    expect(start).toBeLessThan(1_191_160);
    expect(end).toBeGreaterThan(1_225_916);
    expect([start % 10_000, end % 10_000]).toEqual([0, 0]);
    expect(end - start).toBeLessThan(100_000);
  });

  test('never leaves the axis', () => {
    expect(focusWindow(genome, { start: 5, end: 400 })).toMatchObject({ start: 1 });
    expect(focusWindow(genome, { start: 4_938_000, end: 4_938_920 })).toMatchObject({ end: 4_938_920 });
  });

  test('does not exist without matches', () => {
    expect(mainCluster([], 100)).toBeNull();
  });
});

import { describe, expect, test } from 'vitest';
import { layOutTally, unitsPerStroke } from '../../src/charts/tally-layout.js';

const ended = { cancelled: 0, expired: 0, stopped: 0 };
const counts = { total: 68, accepted: 45, failed: 1, checking: 6, running: 8, waiting: 8, held: 0, ended };

describe('the tally', () => {
  test('has one stroke a unit, five a hand, in the order of the states', () => {
    const { unitsPerStroke: size, groups } = layOutTally(counts, 400);
    expect(size).toBe(1);
    expect(groups.flat()).toHaveLength(68);
    expect(groups.at(-1)).toEqual(['waiting', 'waiting', 'waiting']);
    expect(groups[9]).toEqual(['failed', 'checking', 'checking', 'checking', 'checking']);
  });

  test.each([
    [400, 1],
    [401, 2],
    [801, 5],
    [2001, 10],
    [4001, 20],
    [8001, 50],
    [1_000_000, 5000],
  ])('stands for round numbers of units: %i units', (unitCount, size) => {
    expect(unitsPerStroke(unitCount, 400)).toBe(size);
  });

  test('shows a single failure among a million', () => {
    const many = {
      total: 1_000_000,
      accepted: 999_999,
      failed: 1,
      checking: 0,
      running: 0,
      waiting: 0,
      held: 0,
      ended,
    };
    const strokes = layOutTally(many, 400).groups.flat();
    expect(strokes.filter((state) => state === 'failed')).toHaveLength(1);
    expect(strokes.length).toBeLessThanOrEqual(401);
  });

  test('is empty for a batch without units', () => {
    expect(
      layOutTally({ total: 0, accepted: 0, failed: 0, checking: 0, running: 0, waiting: 0, held: 0, ended }, 400)
        .groups,
    ).toEqual([]);
  });
});

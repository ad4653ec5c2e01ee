// Counts over time: nothing is lost when intervals grow, and there are never more than sixty.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countAt, type Histogram, INTERVALS_MAXIMUM, pointsUntil } from '../../../../src/core/domain/histogram.js';

const DAY_MS = 24 * 60 * 60_000;
const sum = (values: readonly number[]): number => values.reduce((left, right) => left + right, 0);

test('begins with seconds', () => {
  const first = countAt(undefined, 10_500, 3);
  expect(first).toEqual({ firstMs: 10_000, intervalMs: 1000, counts: [[0, 3]] });
  const more = countAt(countAt(first, 10_999, 1), 12_000, 2);
  expect(pointsUntil(more, 13_500)).toEqual({
    intervalMs: 1000,
    points: [
      { startMs: 10_000, accepted: 4 },
      { startMs: 11_000, accepted: 0 },
      { startMs: 12_000, accepted: 2 },
      { startMs: 13_000, accepted: 0 },
    ],
  });
});

test.for([
  [59_000, 1000],
  [60_000, 2000],
  [10 * 60_000, 30_000],
  [DAY_MS, 30 * 60_000],
  [100 * DAY_MS, 2 * DAY_MS],
  [3650 * DAY_MS, 64 * DAY_MS],
] as const)('after %i ms an interval has %i ms', ([spanMs, intervalMs]) => {
  const histogram = countAt(countAt(undefined, 0, 1), spanMs, 1);
  expect(histogram.intervalMs).toBe(intervalMs);
  expect(pointsUntil(histogram, spanMs).intervalMs).toBe(intervalMs);
});

test('what is shown grows with the time that passes without units; what is stored does not', () => {
  const histogram = countAt(undefined, 0, 5);
  expect(pointsUntil(histogram, DAY_MS).points.length).toBeLessThanOrEqual(INTERVALS_MAXIMUM);
  expect(histogram.intervalMs).toBe(1000);
});

test('a clock that was set back counts as the first interval', () => {
  expect(countAt(countAt(undefined, 100_000, 1), 5000, 2).counts).toEqual([[0, 3]]);
});

test('random histories: bounded, aligned, and nothing is lost', () => {
  const event = fc.record({
    afterMs: fc.integer({ min: -5000, max: 40 * DAY_MS }),
    count: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 41 }),
      fc.array(event, { minLength: 1, maxLength: 60 }),
      (startMs, events) => {
        let nowMs = startMs;
        let histogram: Histogram | undefined;
        for (const { afterMs, count } of events) {
          nowMs = Math.max(0, nowMs + afterMs);
          histogram = countAt(histogram, nowMs, count);
          expect(histogram.counts.length).toBeLessThanOrEqual(INTERVALS_MAXIMUM);
          expect(histogram.firstMs % histogram.intervalMs).toBe(0);
        }
        if (!histogram) return;
        const { points, intervalMs } = pointsUntil(histogram, nowMs);
        expect(points.length).toBeLessThanOrEqual(INTERVALS_MAXIMUM);
        expect(sum(points.map(({ accepted }) => accepted))).toBe(sum(events.map(({ count }) => count)));
        for (const [at, { startMs: atMs }] of points.entries())
          expect(atMs).toBe((points[0]?.startMs ?? 0) + at * intervalMs);
      },
    ),
    { seed: 7 },
  );
});

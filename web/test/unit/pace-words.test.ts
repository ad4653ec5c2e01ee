import { describe, expect, test } from 'vitest';
import { captionOf, instantFormat, intervalInWords, paceTitle, remarkOf } from '../../src/project/pace-words.js';
import { completeBatch, openBatch, plainBatch } from '../fixtures/answers.js';
import { readEnglish } from './english.js';

readEnglish();

const START_MS = Date.UTC(2026, 10, 22, 13, 0);
const of = (intervalMs: number, ...accepted: number[]) => ({
  intervalMs,
  points: accepted.map((count, index) => ({ startMs: START_MS + index * intervalMs, accepted: count })),
});
const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

describe('the pace in words', () => {
  test('says what the last bar is, while something runs only', () => {
    expect(captionOf(of(MINUTE_MS, 1, 2), openBatch, 1.5)).toBe(
      'The last bar is the minute that is still running. Dashed: mean 1.5.',
    );
    expect(captionOf(of(10_000, 1, 2), openBatch, null)).toBe('The last bar is the interval that is still running.');
    expect(captionOf(of(MINUTE_MS, 1, 2), completeBatch, 0.04)).toBe(
      'From the first accepted unit to the last. Dashed: mean 0.04.',
    );
  });

  test('says of an empty chart when that changes, or that nothing came', () => {
    expect(captionOf(of(MINUTE_MS, 0, 0), openBatch, null)).toMatch(/when computers of different people agree\.$/);
    expect(captionOf(of(MINUTE_MS), plainBatch, null)).toMatch(/with the first answer\.$/);
    expect(captionOf(of(MINUTE_MS), completeBatch, null)).toBe('No unit was accepted.');
  });

  test('writes clocks within a day, with seconds where minutes are too coarse, and days beyond it', () => {
    const written = (intervalMs: number, count: number) =>
      instantFormat(of(intervalMs, ...Array(count).fill(1)))(START_MS);
    expect(written(MINUTE_MS, 3)).not.toMatch(/:\d\d:|Nov/);
    expect(written(10_000, 3)).toMatch(/:\d\d:\d\d/);
    expect(written(DAY_MS / 2, 4)).toContain('Nov');
    expect(written(DAY_MS / 2, 2)).not.toContain('Nov');
  });

  test('names interval, span, most and mean', () => {
    expect([MINUTE_MS, 10_000, 5 * MINUTE_MS, 1000, 60 * MINUTE_MS, DAY_MS].map(intervalInWords)).toEqual([
      ...['minute', '10 s', '5 min', 'second', 'hour', 'day'],
    ]);
    expect(remarkOf(of(MINUTE_MS, 1))).toMatch(/ · every minute$/);
    expect(remarkOf(of(MINUTE_MS))).toBeNull();
    expect(paceTitle(of(MINUTE_MS, 3, 9, 6), 6)).toMatch(
      /^Units accepted per minute, .* to .*: at most 9, 6 on average\.$/,
    );
    expect(paceTitle(of(MINUTE_MS, 3), null)).toMatch(/: at most 3\.$/);
    expect(paceTitle(of(MINUTE_MS), null)).toBe('Units accepted over time: none yet.');
  });
});

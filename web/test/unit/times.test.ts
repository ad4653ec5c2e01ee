import { describe, expect, test } from 'vitest';
import { formatAgo, formatClock, formatDuration, formatMoment, formatWhen, zoneName } from '../../src/format/times.js';

const NOON_MS = Date.UTC(2026, 10, 22, 12, 0);
const paris = { locale: 'en-GB', timeZone: 'Europe/Paris' };

describe('times', () => {
  test('are in the zone of the reader', () => {
    expect(formatClock(NOON_MS, paris)).toBe('13:00');
    expect(formatClock(NOON_MS + 5000, { ...paris, hasSeconds: true })).toBe('13:00:05');
    expect(zoneName(NOON_MS, paris)).toBe('CET');
  });

  test('are told as ago up to an hour, then by the clock, then by the date', () => {
    expect(formatAgo(NOON_MS - 40_000, NOON_MS, paris)).toBe('40 s ago');
    expect(formatAgo(NOON_MS - 59 * 60_000, NOON_MS, paris)).toBe('59 min ago');
    expect(formatAgo(NOON_MS - 2 * 3_600_000, NOON_MS, paris)).toBe('11:00');
    expect(formatAgo(NOON_MS - 26 * 3_600_000, NOON_MS, paris)).toBe('21 Nov 2026');
    expect(formatAgo(NOON_MS + 5000, NOON_MS, paris)).toBe('0 s ago');
  });

  test('of today have a clock, of other days a date, and on long axes both', () => {
    expect(formatWhen(NOON_MS - 60_000, NOON_MS, paris)).toBe('at 12:59');
    expect(formatWhen(NOON_MS - 26 * 3_600_000, NOON_MS, paris)).toBe('on 21 Nov 2026');
    expect(formatMoment(NOON_MS, paris)).toBe('22 Nov 13:00');
  });

  test('that pass are told in two units at most', () => {
    expect(formatDuration(999)).toBe('0 s');
    expect(formatDuration(192_000)).toBe('3 min 12 s');
    expect(formatDuration(180_000)).toBe('3 min');
    expect(formatDuration(43 * 3_600_000)).toBe('1 d 19 h');
    expect(formatDuration(12 * 3_600_000 + 60_000)).toBe('12 h');
    expect(formatDuration(192_000, 1)).toBe('3 min');
  });
});

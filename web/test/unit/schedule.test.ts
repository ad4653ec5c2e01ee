import { expect, test } from 'vitest';
import { nextPollMs } from '../../src/api/schedule.js';

const calm = { intervalMs: 2000, isHidden: false, failureCount: 0 };

test('asks often while somebody looks and seldom while nobody does', () => {
  expect(nextPollMs(calm)).toBe(2000);
  expect(nextPollMs({ ...calm, isHidden: true })).toBe(20_000);
});

test('asks ever more slowly while it fails, up to half a minute', () => {
  const waits = [1, 2, 3, 4, 50].map((failureCount) => nextPollMs({ ...calm, failureCount }));
  expect(waits).toEqual([4000, 8000, 16_000, 30_000, 30_000]);
  expect(nextPollMs({ ...calm, isHidden: true, failureCount: 1 })).toBe(20_000);
});

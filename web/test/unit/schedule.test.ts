import { expect, test } from 'vitest';
import { ENDED_INTERVAL_MS, LIVE_INTERVAL_MS, newsOf, nextPollMs, oldAfterMs } from '../../src/api/schedule.js';

test('asks often while something goes on, seldom once it is over', () => {
  expect(nextPollMs({ intervalMs: LIVE_INTERVAL_MS, failureCount: 0 })).toBe(2000);
  expect(nextPollMs({ intervalMs: ENDED_INTERVAL_MS, failureCount: 0 })).toBe(60_000);
});

test('asks ever more slowly while it fails, up to half a minute', () => {
  const waits = [1, 2, 3, 4, 50].map((failureCount) => nextPollMs({ intervalMs: LIVE_INTERVAL_MS, failureCount }));
  expect(waits).toEqual([4000, 8000, 16_000, 30_000, 30_000]);
  // What is seldom asked for is not asked for more often than that either, but comes back as soon.
  expect(nextPollMs({ intervalMs: 10_000, failureCount: 1 })).toBe(10_000);
  expect(nextPollMs({ intervalMs: ENDED_INTERVAL_MS, failureCount: 1 })).toBe(30_000);
});

test('data are old when three answers in a row are missing, and never if they are asked for once', () => {
  expect(oldAfterMs(2000)).toBe(6000);
  expect(oldAfterMs(null)).toBe(Number.POSITIVE_INFINITY);
});

test('slow is not lost, and neither is told before the data are old', () => {
  expect(newsOf({ isOld: false, isLost: true })).toBe('current');
  expect(newsOf({ isOld: true, isLost: false })).toBe('slow');
  expect(newsOf({ isOld: true, isLost: true })).toBe('lost');
});

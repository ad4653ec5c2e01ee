// The bucket gives its burst at once, then its rate, and never more than its burst.
import { expect, test } from 'vitest';
import { fillBucket, takeFrom } from '../../../src/http/domain/token-bucket.js';

const rate = { perSecond: 2, burst: 3 };

function take(times: readonly number[]): boolean[] {
  let bucket = fillBucket(rate, 0);
  return times.map((nowMs) => {
    const taken = takeFrom(bucket, rate, nowMs);
    bucket = taken.bucket;
    return taken.isTaken;
  });
}

test('the burst, then nothing', () => {
  expect(take([0, 0, 0, 0])).toEqual([true, true, true, false]);
});

test('then the rate', () => {
  expect(take([0, 0, 0, 499, 500, 501, 1000])).toEqual([true, true, true, false, true, false, true]);
});

test('a long pause fills no more than the burst', () => {
  expect(take([0, 0, 0, 100_000, 100_000, 100_000, 100_000])).toEqual([true, true, true, true, true, true, false]);
});

test('a clock that steps back takes nothing away', () => {
  expect(take([1000, 0, 0])).toEqual([true, true, true]);
});

// The bucket gives its burst at once, then its rate, and never more than its burst; and says how long to wait.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBucket } from '../../src/index.js';

const rate = { perSecond: 2, burst: 3 };

function take(times: readonly number[]): boolean[] {
  const bucket = new TokenBucket(rate, 0);
  return times.map((nowMs) => bucket.take(nowMs) === 0);
}

test('the burst, then nothing, then the rate', () => {
  expect(take([0, 0, 0, 0])).toEqual([true, true, true, false]);
  expect(take([0, 0, 0, 499, 500, 501, 1000])).toEqual([true, true, true, false, true, false, true]);
});

test('a long pause fills no more than the burst', () => {
  expect(take([0, 0, 0, 100_000, 100_000, 100_000, 100_000])).toEqual([true, true, true, true, true, true, false]);
});

test('a clock that is set back takes nothing away', () => {
  expect(take([1000, 0, 0])).toEqual([true, true, true]);
});

test('who waits as long as told gets what it asked for', () => {
  fc.assert(
    fc.property(
      fc.record({ perSecond: fc.integer({ min: 1, max: 1000 }), burst: fc.integer({ min: 1, max: 1000 }) }),
      fc.array(fc.nat(5000), { maxLength: 50 }),
      (ofBucket, pauses) => {
        const bucket = new TokenBucket(ofBucket, 0);
        let nowMs = 0;
        for (const pauseMs of pauses) {
          nowMs += pauseMs;
          const waitMs = bucket.take(nowMs);
          if (waitMs === 0) continue;
          nowMs += waitMs;
          expect(bucket.take(nowMs)).toBe(0);
        }
      },
    ),
  );
});

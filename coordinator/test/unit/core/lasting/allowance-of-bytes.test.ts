// The arithmetic of lasting bytes.
import { expect, test } from 'vitest';
import { afterBytes, NOTHING_OWED, waitMsOf } from '../../../../src/core/lasting/domain/allowance-of-bytes.js';

const rate = { burstBytes: 1000, bytesPerSecond: 10 };

test('a budget is used at once, and comes back with time or by what is confirmed', () => {
  let owed = afterBytes(NOTHING_OWED, 999, { rate, nowMs: 0 });
  expect(waitMsOf(owed, rate, 0)).toBe(0);
  owed = afterBytes(owed, 501, { rate, nowMs: 0 });
  const waitMs = waitMsOf(owed, rate, 0);
  expect(waitMs).toBe(50_001);
  expect(waitMsOf(owed, rate, waitMs)).toBe(0);
  expect(waitMsOf(afterBytes(owed, -600, { rate, nowMs: 0 }), rate, 0)).toBe(0);
});

test('nothing is owed to those who were given back more, and no time passes backwards', () => {
  expect(afterBytes(NOTHING_OWED, -5000, { rate, nowMs: 0 }).bytes).toBe(0);
  const owed = afterBytes(NOTHING_OWED, 2000, { rate, nowMs: 10_000 });
  expect(afterBytes(owed, 0, { rate, nowMs: 0 }).bytes).toBe(2000);
});

// What is said about the progress of a batch, and the estimate of the time that is left.
import type { Batch } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { progressWords, remainingMs } from '../../src/support/progress.js';

const ended = { cancelled: 0, expired: 0, stopped: 0 };
const counts = { total: 1235, waiting: 400, running: 12, checking: 10, accepted: 811, failed: 2, ended };
const statusOf = (state: Batch['state'], changed = {}): Batch =>
  ({ state, counts: { ...counts, ...changed } }) as Batch;

test('words in the order of importance, without zeros', () => {
  expect(progressWords(statusOf('open'), 30_000)).toBe(
    'accepted 811 of 1,235, 2 failed, checking 10, running 12, about 30 s left',
  );
  const done = { accepted: 1235, failed: 0, running: 0, checking: 0 };
  expect(progressWords(statusOf('complete', done), 5)).toBe('accepted 1,235 of 1,235, complete');
  expect(progressWords(statusOf('open', done), undefined)).toBe('accepted 1,235 of 1,235');
});

test('what was ended with the batch did not fail', () => {
  const cancelled = {
    accepted: 1,
    failed: 1234,
    running: 0,
    checking: 0,
    ended: { ...ended, cancelled: 1200, expired: 34 },
  };
  expect(progressWords({ ...statusOf('cancelled', cancelled), endedCode: 'MH-VAL-004' }, undefined)).toBe(
    'accepted 1 of 1,235, 1,200 cancelled, 34 expired, cancelled',
  );
  expect(progressWords({ ...statusOf('cancelled', cancelled), endedCode: 'MH-VAL-006' }, undefined)).toContain(
    'stopped by the operator',
  );
});

test('the estimate counts what this session saw, and needs some of it', () => {
  expect(remainingMs({ counts }, { done: 211, elapsedMs: 10_000 })).toBe(20_000);
  expect(remainingMs({ counts }, { done: 1, elapsedMs: 10_000 })).toBeUndefined();
  expect(remainingMs({ counts }, { done: 50, elapsedMs: 900 })).toBeUndefined();
});

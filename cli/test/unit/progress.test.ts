// What is said about the progress of a batch, and the estimate of the time that is left.
import type { Batch } from '@manyhands/contract';
import { expect, test } from 'vitest';
import type { Output } from '../../src/output.js';
import { createProgress, progressWords } from '../../src/support/progress.js';

const ended = { cancelled: 0, expired: 0, stopped: 0 };
const counts = { total: 1235, waiting: 400, held: 0, running: 12, checking: 10, accepted: 811, failed: 2, ended };
const statusOf = (state: Batch['state'], changed = {}): Batch =>
  ({ state, counts: { ...counts, ...changed } }) as Batch;

test('words in the order of importance, without zeros', () => {
  expect(progressWords(statusOf('open'), 30_000)).toBe(
    'accepted 811 of 1,235, 2 failed, checking 10, running 12, about 30 s left',
  );
  const done = { accepted: 1235, failed: 0, running: 0, checking: 0 };
  expect(progressWords(statusOf('complete', done), 5)).toBe('accepted 1,235 of 1,235, complete');
  expect(progressWords(statusOf('open'), null)).toContain(', time left unknown');
});

test('what was ended with the batch did not fail', () => {
  const cancelled = {
    accepted: 1,
    failed: 1234,
    running: 0,
    checking: 0,
    ended: { ...ended, cancelled: 1200, expired: 34 },
  };
  expect(progressWords({ ...statusOf('cancelled', cancelled), endedCode: 'MH-VAL-004' }, null)).toBe(
    'accepted 1 of 1,235, 1,200 cancelled, 34 expired, cancelled',
  );
  expect(progressWords({ ...statusOf('cancelled', cancelled), endedCode: 'MH-VAL-006' }, null)).toContain(
    'stopped by the operator',
  );
});

test('units that are held are told, and that nothing else is open', () => {
  const held = { accepted: 1230, failed: 0, running: 2, checking: 0, waiting: 3, held: 3 };
  expect(progressWords(statusOf('open', held), 5000)).toBe(
    'accepted 1,230 of 1,235, 3 held, running 2, about 5 s left',
  );
  const left = { ...held, accepted: 1232, running: 0 };
  expect(progressWords(statusOf('open', left), 0)).toBe('accepted 1,232 of 1,235, 3 held, nothing else is open');
});

test('the estimate is unknown until this session saw enough, and rises no faster than time passes', () => {
  const clock = { nowMs: 0 };
  const notes: string[] = [];
  const out = { isJson: false, note: (text: string) => notes.push(text) } as unknown as Output;
  const progress = createProgress(out, () => clock.nowMs);
  for (const [atMs, done] of [
    [0, 0],
    [10_000, 10],
    [20_000, 20],
    [30_000, 20],
    [40_000, 20],
  ] as const) {
    clock.nowMs = atMs;
    const failed = Math.min(2, done);
    progress.show(statusOf('open', { total: 100, accepted: done - failed, failed, running: 0, checking: 0 }));
  }
  expect(notes.map((note) => note.split(', ').at(-1))).toEqual([
    'time left unknown',
    'about 1 min 30 s left',
    'about 1 min 20 s left',
    'about 1 min 30 s left',
    'about 1 min 40 s left',
  ]);
});

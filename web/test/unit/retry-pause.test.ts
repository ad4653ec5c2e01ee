// The pause between two tries: its length, and what a reader's press does to it.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RetryPause } from '../../src/shell/retry-pause.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Whether a pause that begins now is over after so long. */
async function isOverAfter(pause: RetryPause, elapsedMs: number, press?: () => void): Promise<boolean> {
  let isOver = false;
  void pause.wait(2000).then(() => {
    isOver = true;
  });
  press?.();
  await vi.advanceTimersByTimeAsync(elapsedMs);
  return isOver;
}

test('it lasts as long as it is told', async () => {
  expect(await isOverAfter(new RetryPause(), 1999)).toBe(false);
  expect(await isOverAfter(new RetryPause(), 2000)).toBe(true);
});

test('a press ends it, and the one after it is whole again', async () => {
  const pause = new RetryPause();
  expect(await isOverAfter(pause, 0, () => pause.ask())).toBe(true);
  expect(await isOverAfter(pause, 1999)).toBe(false);
});

test('a press during a try takes the next pause away, and only that', async () => {
  const pause = new RetryPause();
  pause.ask();
  expect(await isOverAfter(pause, 0)).toBe(true);
  expect(await isOverAfter(pause, 1999)).toBe(false);
});

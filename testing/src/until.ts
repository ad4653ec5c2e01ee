// Waiting for a condition, without a time limit of its own: a test is as right on a slow machine as on a fast one.
// The runner alone ends a test that hangs; `abandonWaits` then says what it waited for.
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { TestRunner } from 'vitest';

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 100;

type Wait = {
  readonly what: string | (() => string);
  readonly sinceMs: number;
  /** The test that waits; undefined outside of a test (hooks of a file). */
  readonly test: string | undefined;
  last: unknown;
  isAbandoned: boolean;
};
const waits = new Set<Wait>();

/**
 * Asks until the answer is neither `undefined`, `null` nor `false`, and gives it. What the condition throws ends the wait.
 * `what` completes the sentence "waited for …"; as a function it is asked when somebody wants to know.
 */
export async function until<T>(
  what: string | (() => string),
  condition: () => T | Promise<T>,
): Promise<Exclude<T, undefined | null | false>> {
  const test = TestRunner.getCurrentTest()?.id;
  const wait: Wait = { what, sinceMs: performance.now(), test, last: undefined, isAbandoned: false };
  waits.add(wait);
  try {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5)) {
      const answer = await condition();
      if (answer !== undefined && answer !== null && answer !== false)
        return answer as Exclude<T, undefined | null | false>;
      wait.last = answer;
      await pause(pauseMs);
      if (wait.isAbandoned) throw new Error(`the test has ended; it ${explain(wait)}`);
    }
  } finally {
    waits.delete(wait);
  }
}

/** Ends the waits of a test (of the whole file without one) and gives a sentence for each, the newest last. */
export function abandonWaits(test?: string): string[] {
  const ended = [...waits].filter((wait) => test === undefined || wait.test === test);
  for (const wait of ended) {
    wait.isAbandoned = true;
    waits.delete(wait);
  }
  return ended.map(explain);
}

function explain({ what, sinceMs, last }: Wait): string {
  const seconds = Math.round((performance.now() - sinceMs) / 1000);
  const answer = last === undefined ? '' : `; the last answer was ${inspect(last)}`;
  return `waited ${seconds} s for ${typeof what === 'string' ? what : what()}${answer}`;
}

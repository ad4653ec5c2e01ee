// When and for how long a call that did not get through is tried again.
import { isManyhandsError, type ManyhandsError } from '@manyhands/contract';

/** First wait; doubled by every further attempt. Half of each wait is random, so that callers do not return in step. */
const FIRST_WAIT_MS = 150;
const LONGEST_WAIT_MS = 5_000;

/** How long to wait before attempt `attempt` + 1, in milliseconds. `random`: from 0 to 1. `askedMs`: what the coordinator asked for. */
export function waitBeforeRetryMs(attempt: number, random: number, askedMs = 0): number {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 16));
  return Math.round(Math.max(askedMs, wait * (0.5 + random / 2)));
}

/**
 * Whether trying the same call again makes sense. The coordinator may be restarting, busy or short of disk; what waits for a
 * person (a paused project, an app version under check) is marked retryable too, but is not retried blindly.
 */
export function isWorthRetrying(error: unknown): error is ManyhandsError {
  if (!isManyhandsError(error) || !error.retryable) return false;
  return error.fault === 'platform' || TRIED_AGAIN.has(error.code);
}

/** Nobody answers just now; too many calls; a network that asks for a login, which its user may give any moment. */
const TRIED_AGAIN = new Set(['MH-GEN-005', 'MH-GEN-012', 'MH-NET-003']);

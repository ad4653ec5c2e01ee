// When to ask again: often while somebody looks, seldom while nobody does, ever more slowly while it fails.

export const POLL_INTERVAL_MS = 2000;
const HIDDEN_FACTOR = 10;
const BACK_OFF_MAXIMUM_MS = 30_000;
/** Data are shown as stale when this many answers in a row are missing. */
export const STALE_AFTER_INTERVALS = 3;

export type PollSituation = {
  readonly intervalMs: number;
  readonly isHidden: boolean;
  /** Failures since the last success. */
  readonly failureCount: number;
};

/** Milliseconds until the next request. */
export function nextPollMs({ intervalMs, isHidden, failureCount }: PollSituation): number {
  const calmMs = isHidden ? intervalMs * HIDDEN_FACTOR : intervalMs;
  const backOffMs = intervalMs * 2 ** Math.min(failureCount, 10);
  return failureCount === 0 ? calmMs : Math.max(calmMs, Math.min(backOffMs, BACK_OFF_MAXIMUM_MS));
}

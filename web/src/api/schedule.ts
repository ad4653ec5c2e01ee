// When to ask again: often while something happens, seldom when it is over, ever more slowly while it fails. A page that nobody sees asks nothing.

/** While work is going on. */
export const LIVE_INTERVAL_MS = 2000;
/** What changes with people coming and going, not with each unit. */
export const SLOW_INTERVAL_MS = 10_000;
/** What is over, and changes only if somebody begins it again. */
export const ENDED_INTERVAL_MS = 60_000;
const BACK_OFF_MAXIMUM_MS = 30_000;
/** Data are old when this many answers in a row are missing. */
const OLD_AFTER_INTERVALS = 3;

export type PollSituation = {
  readonly intervalMs: number;
  /** Failures since the last success. */
  readonly failureCount: number;
};

/** Milliseconds until the next request. */
export function nextPollMs({ intervalMs, failureCount }: PollSituation): number {
  if (failureCount === 0) return intervalMs;
  const backOffMs = LIVE_INTERVAL_MS * 2 ** Math.min(failureCount, 10);
  return Math.max(Math.min(intervalMs, BACK_OFF_MAXIMUM_MS), Math.min(backOffMs, BACK_OFF_MAXIMUM_MS));
}

/** From this age on, data that are asked for at this interval are old. Infinite for what is asked once. */
export function oldAfterMs(intervalMs: number | null): number {
  return intervalMs === null ? Number.POSITIVE_INFINITY : intervalMs * OLD_AFTER_INTERVALS;
}

/** `slow`: answers are late, but the coordinator is there; `lost`: it does not answer at all. */
export type News = 'current' | 'slow' | 'lost';

/** What is known of the figures shown. `isLost`: the last request found nobody. */
export function newsOf({ isOld, isLost }: { readonly isOld: boolean; readonly isLost: boolean }): News {
  if (!isOld) return 'current';
  return isLost ? 'lost' : 'slow';
}

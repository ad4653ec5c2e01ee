// What counts as recent: the last seven days, to the hour.
const HOUR_MS = 60 * 60_000;
const RECENT_HOURS = 7 * 24;

/** Hours since 1970. */
export function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS);
}

/** The oldest hour that counts. */
export function firstRecentHour(nowMs: number): number {
  return hourOf(nowMs) - RECENT_HOURS + 1;
}

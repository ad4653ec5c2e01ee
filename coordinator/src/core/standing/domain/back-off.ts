// Hosts that keep failing get new work slowly, so that a broken machine does not burn through everybody's bounded replicas. Leases that run out
// are no failures: see allowance.ts.

/** So many failures in a row are forgiven: one bad unit must not idle a host. */
const FAILURES_FORGIVEN = 2;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 60 * 60_000;

export type HostReliability = {
  /** Host failures and refuted results since the last good receipt. */
  readonly failureStreak: number;
  readonly workNotBeforeMs: number;
};

export type HostReport = { readonly goodCount: number; readonly badCount: number };

/** After a receipt or a validation. */
export function nextReliability(
  before: HostReliability,
  { goodCount, badCount }: HostReport,
  nowMs: number,
): HostReliability {
  if (badCount === 0) return goodCount === 0 ? before : { failureStreak: 0, workNotBeforeMs: 0 };
  const failureStreak = goodCount > 0 ? badCount : before.failureStreak + badCount;
  if (failureStreak <= FAILURES_FORGIVEN) return { failureStreak, workNotBeforeMs: before.workNotBeforeMs };
  const doublings = Math.min(20, failureStreak - FAILURES_FORGIVEN - 1);
  return { failureStreak, workNotBeforeMs: nowMs + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** doublings) };
}

// Whose check computes next. Each gets one second first; those that need more go on in turns, the project that has used least before the others.
//
//   waiting ── turn ──> running ── done ──> (gone)
//      ^                  |  ^
//      └── gives way ── stopped
//
// A stopped check keeps its memory, so few are stopped at one time. One that gives way to another project begins anew later; each time it may go on for
// twice as long before it has to give way again, so that it comes to its end.

/** Computing that each check gets before any other goes on. */
const FIRST_TURN_MS = 1000;
/** Computing of one later turn. */
const TURN_MS = 2000;
/** Checks that are stopped at one time. */
export const STOPPED_MAXIMUM = 3;
/** A check does not give way before its process has computed so long; doubles each time it did. */
const FIRST_STAY_MS = 2000;

export type Check = {
  readonly rowId: number;
  readonly projectRowId: number;
  readonly phase: 'waiting' | 'stopped';
  /** Computing of its present process. */
  readonly usedMs: number;
  /** It has had its first turn. */
  readonly isLong: boolean;
  readonly stayMs: number;
};

export type Turn = {
  readonly check: Check;
  readonly turnMs: number;
  /** Ends first, and begins anew later. */
  readonly givesWay: Check | null;
};

export function newCheck(row: { rowId: number; projectRowId: number }): Check {
  return { ...row, phase: 'waiting', usedMs: 0, isLong: false, stayMs: FIRST_STAY_MS };
}

/** The next turn, or undefined when nothing is to be checked. `usedByProject`: computing of a project's checks lately. */
export function nextTurn(checks: readonly Check[], usedByProject: (projectRowId: number) => number): Turn | undefined {
  const byUse = checks.toSorted(
    (left, right) =>
      usedByProject(left.projectRowId) - usedByProject(right.projectRowId) ||
      Number(left.phase === 'waiting') - Number(right.phase === 'waiting') ||
      left.rowId - right.rowId,
  );
  const fresh = byUse.find(({ isLong }) => !isLong);
  if (fresh) return { check: fresh, turnMs: FIRST_TURN_MS, givesWay: null };
  const [first] = byUse;
  if (!first) return undefined;
  const stopped = byUse.filter(({ phase }) => phase === 'stopped');
  if (first.phase === 'stopped' || stopped.length < STOPPED_MAXIMUM)
    return { check: first, turnMs: TURN_MS, givesWay: null };
  const used = usedByProject(first.projectRowId);
  const givesWay = stopped.findLast(
    ({ projectRowId, usedMs, stayMs }) => usedMs >= stayMs && usedByProject(projectRowId) > used,
  );
  if (givesWay) return { check: first, turnMs: TURN_MS, givesWay };
  return { check: stopped[0] ?? first, turnMs: TURN_MS, givesWay: null };
}

/** The check after a turn that did not bring it to its end. `isFull`: as many others are stopped as may be. */
export function afterTurn(check: Check, { usedMs, isFull }: { usedMs: number; isFull: boolean }): Check {
  if (isFull) return { ...check, phase: 'waiting', usedMs: 0, isLong: true };
  return { ...check, phase: 'stopped', usedMs, isLong: true };
}

export function afterGivingWay(check: Check): Check {
  return { ...check, phase: 'waiting', usedMs: 0, stayMs: 2 * check.stayMs };
}

// The end: asked for by the volunteer, or reached by itself when `--once` finds nothing open any more.
import { LEAVE_TIMEOUT_MS } from './constants.js';
import { keptResults } from './custody.js';
import { giveBack } from './leases.js';
import { isWaitingFor, remember, takePending } from './pending.js';
import type { Moment } from './ports.js';
import { unacknowledgedCount } from './results.js';
import { type Draft, endWith, isOnline, takeRequestId, type WorkerState } from './state.js';

/** Gives everything back and says farewell; ends without an answer after a short while. */
export function beginLeaving(
  draft: Draft,
  { reason, isFinished }: { reason: string; isFinished: boolean },
  { nowMs }: Moment,
): void {
  if (draft.leaving || draft.ended) return;
  draft.leaving = { reason, isFinished, deadlineMs: nowMs + LEAVE_TIMEOUT_MS, isSaid: false };
  for (const leaseId of draft.leases.keys()) {
    const units = [...draft.units.values()].filter((unit) => unit.leaseId === leaseId);
    if (units.length > 0)
      giveBack(
        draft,
        leaseId,
        units.map(({ index }) => index),
      );
  }
}

/** Whether `--once` has reached its end: nothing open, nothing unacknowledged, no bundle that may still be wanted. */
function isFinished(state: WorkerState): boolean {
  return (
    state.options.isOnce &&
    state.later?.openUnitCount === 0 &&
    state.units.size === 0 &&
    unacknowledgedCount(state) === 0 &&
    keptResults(state).length === 0
  );
}

export function driveLeaving(draft: Draft, moment: Moment): void {
  if (!draft.leaving && isFinished(draft))
    beginLeaving(draft, { reason: 'every unit is done', isFinished: true }, moment);
  const { leaving } = draft;
  if (!leaving || draft.ended) return;
  const isOver = !isOnline(draft) || leaving.deadlineMs <= moment.nowMs;
  if (isOver) {
    endWith(draft, { reason: leaving.reason, code: null, isFinished: leaving.isFinished });
    return;
  }
  const isSettled = unacknowledgedCount(draft) === 0 && draft.returns.size === 0;
  if (!isSettled || leaving.isSaid || isWaitingFor(draft, 'leave')) return;
  const id = takeRequestId(draft);
  draft.leaving = { ...leaving, isSaid: true };
  remember(draft, id, { kind: 'leave', sentAtMs: moment.nowMs });
  draft.effects.push({ do: 'send', message: { t: 'leave', id } });
}

/** The farewell was acknowledged. */
export function onFarewell(draft: Draft, id: number): void {
  if (takePending(draft, id, 'leave') && draft.leaving)
    endWith(draft, { reason: draft.leaving.reason, code: null, isFinished: draft.leaving.isFinished });
}

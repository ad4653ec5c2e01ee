// The end: asked for by the volunteer, or reached by itself when `--once` finds nothing open any more.
import { HAND_OVER_TIMEOUT_MS, HAND_OVER_WORTH_MS, LEAVE_TIMEOUT_MS } from './constants.js';
import { keptResults } from './custody.js';
import { handOverFinally } from './handing-over.js';
import { giveBackWhere } from './leases.js';
import { isWaitingFor, remember, takePending } from './pending.js';
import type { Moment } from './ports.js';
import { unacknowledgedCount } from './results.js';
import {
  type Draft,
  endWith,
  type HeldUnit,
  isHandingOver,
  isOnline,
  takeRequestId,
  type WorkerState,
} from './state.js';

/** Hands over what was begun, gives the rest back and says farewell; ends without an answer after a while. */
export function beginLeaving(
  draft: Draft,
  { reason, isFinished }: { reason: string; isFinished: boolean },
  { nowMs }: Moment,
): void {
  if (draft.leaving || draft.ended) return;
  const isWorthy = (unit: HeldUnit): boolean => isOnline(draft) && isWorthHandingOver(unit, nowMs);
  const deadlineMs = nowMs + LEAVE_TIMEOUT_MS;
  draft.leaving = { reason, isFinished, deadlineMs, handOverDeadlineMs: nowMs + HAND_OVER_TIMEOUT_MS, isSaid: false };
  giveBackWhere(draft, (unit) => !isWorthy(unit));
  for (const unit of [...draft.units.values()]) if (unit.handOver === 'none') handOverFinally(draft, unit);
}

/** Begun units whose bytes are at hand, or on their way; what has just begun is begun anew faster than it is moved. */
function isWorthHandingOver({ phase, hasSnapshot, runBeganAtMs }: HeldUnit, nowMs: number): boolean {
  if (phase === 'ready' || phase === 'preparing') return hasSnapshot;
  const isRunning = phase === 'running' || phase === 'stopping';
  return isRunning && (hasSnapshot || nowMs - runBeganAtMs >= HAND_OVER_WORTH_MS);
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
  if (draft.units.size > 0 && (isOnline(draft) || isHandingOver(draft))) waitForHandOvers(draft, leaving, moment);
  else sayFarewell(draft, leaving, moment);
}

type Leaving = NonNullable<WorkerState['leaving']>;

/** While checkpoints are on their way, the time for the rest does not run; it is bounded by their own. */
function waitForHandOvers(draft: Draft, leaving: Leaving, { nowMs }: Moment): void {
  draft.leaving = { ...leaving, deadlineMs: nowMs + LEAVE_TIMEOUT_MS };
  if (leaving.handOverDeadlineMs <= nowMs) giveBackWhere(draft, () => true);
}

function sayFarewell(draft: Draft, leaving: Leaving, { nowMs }: Moment): void {
  const isOver = !isOnline(draft) || leaving.deadlineMs <= nowMs;
  if (isOver) {
    endWith(draft, { reason: leaving.reason, code: null, isFinished: leaving.isFinished });
    return;
  }
  const isSettled = unacknowledgedCount(draft) === 0 && draft.returns.size === 0;
  if (!isSettled || leaving.isSaid || isWaitingFor(draft, 'leave')) return;
  const id = takeRequestId(draft);
  draft.leaving = { ...leaving, isSaid: true };
  remember(draft, id, { kind: 'leave', sentAtMs: nowMs });
  draft.effects.push({ do: 'send', message: { t: 'leave', id } });
}

/** The farewell was acknowledged. */
export function onFarewell(draft: Draft, id: number): void {
  if (takePending(draft, id, 'leave') && draft.leaving)
    endWith(draft, { reason: draft.leaving.reason, code: null, isFinished: draft.leaving.isFinished });
}

// Pausing: nothing new starts, what was not begun is given back, what runs may finish for a short while.
import { PAUSE_GRACE_MS } from './constants.js';
import { giveBack } from './leases.js';
import { stopRuns } from './pipeline.js';
import type { Moment, PauseReason } from './ports.js';
import type { Draft } from './state.js';

export function setPause(
  draft: Draft,
  { reason, isActive }: { reason: PauseReason; isActive: boolean },
  moment: Moment,
): void {
  if (draft.pauses.has(reason) === isActive) return;
  const wasPaused = draft.pauses.size > 0;
  const pauses = new Set(draft.pauses);
  if (isActive) pauses.add(reason);
  else pauses.delete(reason);
  draft.pauses = pauses;
  if (!wasPaused) beginPause(draft, moment);
  else if (pauses.size === 0) endPause(draft, moment);
}

function beginPause(draft: Draft, { nowMs }: Moment): void {
  draft.stopAtMs = nowMs + PAUSE_GRACE_MS;
  draft.later = null;
  giveBackUnbegun(draft);
}

/** Everything but what runs (or ran and was stopped: that is restarted when the pause is over). */
function giveBackUnbegun(draft: Draft): void {
  for (const leaseId of draft.leases.keys()) {
    const units = [...draft.units.values()].filter(
      (unit) => unit.leaseId === leaseId && unit.phase !== 'running' && unit.phase !== 'stopping',
    );
    if (units.length > 0)
      giveBack(
        draft,
        leaseId,
        units.map(({ index }) => index),
      );
  }
}

function endPause(draft: Draft, { nowMs }: Moment): void {
  draft.stopAtMs = null;
  draft.askAtMs = nowMs;
  for (const [leaseId, held] of draft.leases) draft.leases.set(leaseId, { ...held, renewAtMs: nowMs });
}

/** The grace is over: stops what still runs. */
export function drivePausing(draft: Draft, moment: Moment): void {
  if (draft.stopAtMs === null || draft.stopAtMs > moment.nowMs) return;
  draft.stopAtMs = null;
  stopRuns(draft);
}

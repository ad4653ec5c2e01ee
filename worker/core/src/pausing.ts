// Pausing: nothing new starts, what was not begun is given back, what runs stops at its next slice and goes on from there later.
import { giveBackWhere } from './leases.js';
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
  if (!wasPaused) beginPause(draft);
  else if (pauses.size === 0) endPause(draft, moment);
}

function beginPause(draft: Draft): void {
  draft.later = null;
  giveBackWhere(draft, ({ phase, hasSnapshot }) => phase !== 'running' && phase !== 'stopping' && !hasSnapshot);
  stopRuns(draft);
}

function endPause(draft: Draft, { nowMs }: Moment): void {
  draft.askAtMs = nowMs;
  for (const [leaseId, held] of draft.leases) draft.leases.set(leaseId, { ...held, renewAtMs: nowMs });
}

// When the driver must step again although nothing happened: the earliest time that any rule waits for.
import { wantsWork } from './asking.js';
import { REPORTS_IN_FLIGHT_MAXIMUM, REQUEST_TIMEOUT_MS, UPLOADS_MAXIMUM } from './constants.js';
import { keptResults } from './custody.js';
import { isTimed } from './handing-over.js';
import { renewableLeases } from './leases.js';
import { presenceDueMs } from './presence.js';
import { isHandingOver, isOnline, isPaused, type WorkerState } from './state.js';

/** The time of the next `woke` event, in the milliseconds of `Moment`; infinity: nothing waits. */
export function nextWakeMs(state: WorkerState): number {
  if (state.ended) return Number.POSITIVE_INFINITY;
  return Math.min(
    connectionWake(state),
    leavingWake(state),
    ...[...state.pending.values()].map(({ sentAtMs }) => sentAtMs + REQUEST_TIMEOUT_MS),
    ...(isOnline(state) ? onlineWakes(state) : []),
  );
}

/** Which of its two deadlines a leaving worker waits for. */
function leavingWake(state: WorkerState): number {
  const { leaving, units } = state;
  if (!leaving) return Number.POSITIVE_INFINITY;
  const isWaiting = units.size > 0 && (isOnline(state) || isHandingOver(state));
  return isWaiting ? leaving.handOverDeadlineMs : leaving.deadlineMs;
}

function connectionWake(state: WorkerState): number {
  const { connection, leaving } = state;
  if (connection.phase === 'online') return Number.POSITIVE_INFINITY;
  if (connection.phase === 'offline')
    return leaving && !isHandingOver(state) ? Number.POSITIVE_INFINITY : connection.retryAtMs;
  return connection.deadlineMs;
}

function onlineWakes(state: WorkerState): number[] {
  const pendingKinds = [...state.pending.values()].map(({ kind }) => kind);
  const wakes: number[] = [];
  if (wantsWork(state) && !pendingKinds.includes('request') && !pendingKinds.includes('renew'))
    wakes.push(state.askAtMs);
  if (!isPaused(state) && !state.leaving) {
    for (const unit of state.units.values()) if (isTimed(unit)) wakes.push(unit.handOverAtMs);
  }
  const open = renewableLeases(state);
  for (const { lease, renewAtMs } of state.leases.values()) if (open.has(lease.leaseId)) wakes.push(renewAtMs);
  const hasReportRoom = pendingKinds.filter((kind) => kind === 'receipts').length < REPORTS_IN_FLIGHT_MAXIMUM;
  const kept = keptResults(state);
  const hasUploadRoom = kept.filter(({ phase }) => phase === 'uploading').length < UPLOADS_MAXIMUM;
  for (const { phase, isWanted, notBeforeMs } of state.results.values())
    if (phase === 'unsent' && hasReportRoom) wakes.push(Math.max(notBeforeMs, state.reportsHeld?.untilMs ?? 0));
    else if (phase === 'kept' && isWanted && hasUploadRoom) wakes.push(notBeforeMs);
  for (const { phase, notBeforeMs } of state.units.values())
    if (phase === 'waiting' && notBeforeMs > 0 && !isPaused(state)) wakes.push(notBeforeMs);
  if (kept.length > 0 && !pendingKinds.includes('custody')) wakes.push(state.custodyAtMs);
  const presenceAtMs = state.leaving ? null : presenceDueMs(state);
  if (presenceAtMs !== null) wakes.push(presenceAtMs);
  return wakes;
}

// When to ask for work, and for how much: enough in reserve to hide the round trip, no more.
import { HELD_LEASES_MAXIMUM, type LeaseId, type MessageOf, UNITS_PER_LEASE_MAXIMUM } from '@manyhands/contract';
import { ASK_MAXIMUM_MS, ASK_MINIMUM_MS, RESERVE_MS } from './constants.js';
import { isWaitingFor, remember, takePending } from './pending.js';
import type { Moment } from './ports.js';
import { type Draft, isOnline, isPaused, takeRequestId, type WorkerState } from './state.js';

/** Units to hold beside the running ones: at least one a core. */
function reserveTarget(cores: number, averageUnitMs: number | null): number {
  if (averageUnitMs === null) return cores;
  const perCore = Math.ceil(RESERVE_MS / Math.max(1, averageUnitMs));
  return Math.min(UNITS_PER_LEASE_MAXIMUM, Math.max(cores, cores * perCore));
}

function missingUnits(state: Pick<WorkerState, 'units' | 'averageUnitMs' | 'options'>): number {
  const { cores } = state.options;
  const target = cores + reserveTarget(cores, state.averageUnitMs);
  const held = state.units.size;
  // Half the reserve may go before the next request, so that a message carries many units.
  return held > cores + (target - cores) / 2 ? 0 : Math.min(UNITS_PER_LEASE_MAXIMUM, target - held);
}

/** Whether the worker would take more units now. */
export function wantsWork(state: WorkerState): boolean {
  const isFree = isOnline(state) && !isPaused(state) && !state.leaving && !state.ended;
  return isFree && !state.callTrouble && !state.reportsHeld && missingUnits(state) > 0;
}

export function driveAsking(draft: Draft, { nowMs }: Moment): void {
  if (!wantsWork(draft) || draft.askAtMs > nowMs || isWaitingFor(draft, 'request') || isWaitingFor(draft, 'renew'))
    return;
  const id = takeRequestId(draft);
  const { memoryBytes, projectIds } = draft.options;
  remember(draft, id, { kind: 'request', sentAtMs: nowMs });
  draft.askAtMs = nowMs + ASK_MINIMUM_MS;
  draft.effects.push({
    do: 'send',
    message: {
      t: 'lease.request',
      id,
      maximumUnits: missingUnits(draft),
      memoryBytes,
      availableMs: null,
      projectIds,
      cachedManifests: [...draft.recentManifests],
      ...heldLeases(draft),
    },
  });
}

/** Named so that a grant that was lost on its way keeps no units from others. */
function heldLeases(state: Pick<WorkerState, 'units' | 'returns' | 'results'>): { heldLeases?: LeaseId[] } {
  const stated = [...state.results.values()].filter(({ phase }) => phase === 'unsent' || phase === 'sent');
  const atWork = [...state.units.values(), ...state.returns.values(), ...stated];
  const held = [...new Set(atWork.map(({ leaseId }) => leaseId))];
  return held.length > HELD_LEASES_MAXIMUM ? {} : { heldLeases: held };
}

export function onLater(draft: Draft, message: MessageOf<'lease.later'>, { nowMs, random }: Moment): void {
  if (!takePending(draft, message.id, 'request')) return;
  const waitMs = Math.min(ASK_MAXIMUM_MS, Math.max(ASK_MINIMUM_MS, message.retryAfterMs));
  draft.askAtMs = nowMs + waitMs * (1 + random / 10);
  const { code, openUnitCount } = message;
  draft.later = { code, message: message.message, openUnitCount };
}

/** A push that there may be work: ask soon, spread over a short time so that not all hosts ask in one instant. */
export function onWork(draft: Draft, { nowMs, random }: Moment): void {
  draft.askAtMs = Math.min(draft.askAtMs, nowMs + random * ASK_MINIMUM_MS);
}

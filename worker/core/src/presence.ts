// Tells the coordinator what this host does and which units it computes, when it changes.
import type { LeaseId, MessageOf } from '@manyhands/contract';
import { COMPUTING_INTERVAL_MS, LEASES_PER_RENEWAL, STATE_INTERVAL_MS } from './constants.js';
import { rangesOf } from './leases.js';
import type { Moment } from './ports.js';
import { type Draft, isOnline, isPaused, runningUnits, unitKey, type WorkerState } from './state.js';

/** Other units in the place of those that are done change nothing that people see: they may be told later. */
export function drivePresence(draft: Draft, { nowMs }: Moment): void {
  if (!isOnline(draft) || draft.leaving) return;
  const dueMs = presenceDueMs(draft);
  if (dueMs === null || dueMs > nowMs) return;
  const { text, units, ...said } = presenceOf(draft);
  draft.stateSent = { text, units, atMs: nowMs };
  const computing = isTold(draft) && { computing: computingOf(draft) };
  draft.effects.push({ do: 'send', message: { t: 'state', ...said, ...computing } });
}

/** When the next message is due; null: what was said still holds. */
export function presenceDueMs(state: WorkerState): number | null {
  const { text, units } = presenceOf(state);
  const { stateSent } = state;
  if (text !== stateSent.text) return stateSent.atMs + STATE_INTERVAL_MS;
  return units !== stateSent.units ? stateSent.atMs + COMPUTING_INTERVAL_MS : null;
}

type Presence = {
  state: 'working' | 'idle' | 'paused';
  runningUnits: number;
  /** Equal texts say the same, beside which units they are. */
  text: string;
  units: string;
};

function presenceOf(state: WorkerState): Presence {
  const running = runningUnits(state);
  const word = isPaused(state) ? 'paused' : running.length > 0 ? 'working' : 'idle';
  const said = { state: word, runningUnits: running.length } as const;
  if (!isTold(state)) return { ...said, text: `${word} ${running.length}`, units: '' };
  const byBatch = Map.groupBy(running, ({ leaseId }) => state.leases.get(leaseId)?.lease.batchId);
  const counts = [...byBatch].map(([batchId, { length }]) => `${batchId} ${length}`).sort();
  return { ...said, text: [word, ...counts].join(' '), units: running.map(unitKey).join(' ') };
}

function isTold({ features }: Pick<WorkerState, 'features'>): boolean {
  return features.includes('computing');
}

function computingOf(state: WorkerState): NonNullable<MessageOf<'state'>['computing']> {
  const byLease = Map.groupBy(runningUnits(state), ({ leaseId }) => leaseId);
  return [...byLease]
    .slice(0, LEASES_PER_RENEWAL)
    .map(([leaseId, units]): [LeaseId, [number, number][]] => [leaseId, rangesOf(units.map(({ index }) => index))]);
}

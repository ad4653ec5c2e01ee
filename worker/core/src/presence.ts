// Tells the coordinator in one word what this host does, when it changes.
import { STATE_INTERVAL_MS } from './constants.js';
import type { Moment } from './ports.js';
import { type Draft, isOnline, isPaused, runningCount, type WorkerState } from './state.js';

export function drivePresence(draft: Draft, { nowMs }: Moment): void {
  const next = presenceOf(draft);
  if (!isOnline(draft) || draft.leaving || next.text === draft.stateSent.text) return;
  if (draft.stateSent.atMs + STATE_INTERVAL_MS > nowMs) return;
  draft.stateSent = { text: next.text, atMs: nowMs };
  draft.effects.push({ do: 'send', message: { t: 'state', state: next.state, runningUnits: next.runningUnits } });
}

export type Presence = {
  state: 'working' | 'idle' | 'paused';
  runningUnits: number;
  /** Equal texts need no message. */
  text: string;
};

export function presenceOf(state: WorkerState): Presence {
  const runningUnits = runningCount(state);
  const word = isPaused(state) ? 'paused' : runningUnits > 0 ? 'working' : 'idle';
  return { state: word, runningUnits, text: `${word} ${runningUnits}` };
}

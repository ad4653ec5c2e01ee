// The connection: dialling with back-off, and hanging up on a coordinator that went silent. Diagram at `Connection` in state.ts.
import { backOffMs } from './back-off.js';
import {
  BACK_OFF_BASE_MS,
  BACK_OFF_EARLY_MS,
  BACK_OFF_MAXIMUM_MS,
  EARLY_FAILURES,
  HANDSHAKE_TIMEOUT_MS,
  REQUEST_TIMEOUTS_MAXIMUM,
} from './constants.js';
import type { Moment, Trouble } from './ports.js';
import { type Draft, isHandingOver } from './state.js';

const STALLED = {
  dialing: { code: 'MH-GEN-004', message: "Can't reach the coordinator: no answer came in time." },
  greeting: { code: 'MH-GEN-004', message: 'What answers at the address of the coordinator does not greet in time.' },
  proving: { code: 'MH-GEN-004', message: 'The coordinator did not finish the handshake in time.' },
} as const satisfies Record<string, Trouble>;

const CUT: Trouble = { code: 'MH-GEN-005', message: 'The connection to the coordinator was cut.' };

/** Dials when the time has come, and gives up a handshake or a silent connection. */
export function driveConnection(draft: Draft, moment: Moment): void {
  const { connection } = draft;
  if (connection.phase === 'offline') {
    if ((draft.leaving && !isHandingOver(draft)) || connection.retryAtMs > moment.nowMs) return;
    draft.connectionNumber += 1;
    draft.connection = { phase: 'dialing', deadlineMs: moment.nowMs + HANDSHAKE_TIMEOUT_MS, nonce: null };
    draft.effects.push({ do: 'dial', connection: draft.connectionNumber });
  } else if (connection.phase === 'online') {
    if (draft.timeoutCount >= REQUEST_TIMEOUTS_MAXIMUM)
      hangUp(draft, moment, { code: 'MH-GEN-004', message: 'The coordinator stopped answering.' });
  } else if (connection.deadlineMs <= moment.nowMs) {
    hangUp(draft, moment, STALLED[connection.phase]);
  }
}

/** The socket is gone; the next attempt waits. */
export function onClosed(draft: Draft, trouble: Trouble | undefined, moment: Moment): void {
  if (draft.connection.phase === 'offline') return;
  goOffline(draft, moment, { trouble: trouble ?? CUT, leastMs: 0 });
}

/** Ends the connection from this side; the next attempt waits, at least `leastMs`. */
export function hangUp(draft: Draft, moment: Moment, trouble: Trouble, leastMs = 0): void {
  draft.effects.push({ do: 'hang-up', connection: draft.connectionNumber });
  goOffline(draft, moment, { trouble, leastMs });
}

function goOffline(draft: Draft, moment: Moment, why: { trouble: Trouble; leastMs: number }): void {
  const maximumMs = draft.failureCount < EARLY_FAILURES ? BACK_OFF_EARLY_MS : BACK_OFF_MAXIMUM_MS;
  const bounds = { baseMs: BACK_OFF_BASE_MS, maximumMs };
  const delayMs = Math.max(why.leastMs, backOffMs(draft.failureCount, moment.random, bounds));
  const wasOnline = draft.connection.phase === 'online';
  draft.effects.push({ do: 'offline', trouble: why.trouble, wasOnline, retryAfterMs: delayMs });
  draft.connection = { phase: 'offline', retryAtMs: moment.nowMs + delayMs };
  draft.failureCount += 1;
  draft.offlineSinceMs ??= moment.nowMs;
  draft.lastTrouble = why.trouble;
  draft.timeoutCount = 0;
  draft.later = null;
  forgetPending(draft);
}

/** Whatever was asked over the old connection is asked anew over the next one. */
function forgetPending(draft: Draft): void {
  draft.pending.clear();
  for (const [key, result] of draft.results)
    if (result.phase === 'sent') draft.results.set(key, { ...result, phase: 'unsent', notBeforeMs: 0 });
  for (const [key, unit] of draft.units)
    if (unit.handOver === 'sent') draft.units.set(key, { ...unit, handOver: 'made' });
  for (const [key, unit] of draft.returns) draft.returns.set(key, { ...unit, isSent: false });
}

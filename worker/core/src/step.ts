// The worker's state machine: an event changes facts, then every rule looks at the facts and acts. See SPEC.md.
import type { MessageOf, MessageToWorker } from '@manyhands/contract';
import { driveAsking, onLater, onWork } from './asking.js';
import { driveConnection, hangUp, onClosed } from './connection.js';
import {
  driveCustody,
  onBundleLost,
  onCustodyReply,
  onReleased,
  onUploaded,
  onUploadFailed,
  onWanted,
} from './custody.js';
import {
  driveHandOvers,
  onHandedOver,
  onHandOverAcknowledged,
  onHandOverFailed,
  onHandOverMoved,
} from './handing-over.js';
import { OUT_OF_ORDER, onHandshakeMessage, onOpened } from './handshake.js';
import {
  driveRenewals,
  driveReturns,
  forgetEmptyLeases,
  onCancelled,
  onGrant,
  onRenewed,
  onReturned,
  restoreLease,
} from './leases.js';
import { beginLeaving, driveLeaving, onFarewell } from './leaving.js';
import { setPause } from './pausing.js';
import { expirePending, undo } from './pending.js';
import {
  drivePipeline,
  onCrashed,
  onEnded,
  onPrepared,
  onResumed,
  onSnapshot,
  onStopped,
  onUnprepared,
} from './pipeline.js';
import type { Moment, WorkerEffect, WorkerEvent } from './ports.js';
import { drivePresence } from './presence.js';
import { driveReports, onAcknowledged, onReportRefused, restoreResult } from './results.js';
import { type Draft, draftOf, isOnline, unitKey, type WorkerState } from './state.js';
import { onTwin } from './twins.js';
import { onSlept } from './waking.js';

export type Step = { state: WorkerState; effects: readonly WorkerEffect[] };

/** One step. Effects are to be carried out in order; what they bring about comes back as events. */
export function step(state: WorkerState, event: WorkerEvent, moment: Moment): Step {
  if (state.ended) return { state, effects: [] };
  const draft = draftOf(state);
  apply(draft, event, moment);
  settle(draft, moment);
  const { effects, ...next } = draft;
  return { state: next, effects };
}

function apply(draft: Draft, event: WorkerEvent, moment: Moment): void {
  switch (event.on) {
    case 'started':
      for (const lease of event.leases) restoreLease(draft, lease);
      for (const result of event.results) restoreResult(draft, result);
      draft.offlineSinceMs = moment.nowMs;
      draft.connection = { phase: 'offline', retryAtMs: moment.nowMs };
      return;
    case 'woke':
      return;
    case 'slept':
      onSlept(draft, moment);
      return;
    case 'opened':
      if (event.connection === draft.connectionNumber) onOpened(draft, event.nonce);
      return;
    case 'closed':
      if (event.connection === draft.connectionNumber) onClosed(draft, event.trouble, moment);
      return;
    case 'message':
      if (event.connection === draft.connectionNumber) onMessage(draft, event.message, moment);
      return;
    case 'prepared':
      onPrepared(draft, event.unit, event.needs);
      break;
    case 'unprepared':
      onUnprepared(draft, event, moment);
      break;
    case 'ended':
      onEnded(draft, event.unit, event.ending);
      break;
    case 'crashed':
      onCrashed(draft, event.unit);
      break;
    case 'stopped':
      onStopped(draft, event.unit);
      break;
    case 'resumed':
      onResumed(draft, event.unit);
      break;
    case 'snapshot-kept':
      onSnapshot(draft, event.unit, true);
      break;
    case 'snapshot-lost':
      onSnapshot(draft, event.unit, false);
      break;
    case 'handed-over':
      onHandedOver(draft, event);
      break;
    case 'hand-over-failed':
      onHandOverFailed(draft, event.unit);
      break;
    case 'hand-over-moved':
      onHandOverMoved(draft, moment);
      break;
    case 'uploaded':
      onUploaded(draft, event.unit);
      break;
    case 'upload-failed':
      onUploadFailed(draft, event, moment);
      break;
    case 'bundle-lost':
      onBundleLost(draft, event.unit, moment);
      break;
    case 'sensed':
      setPause(draft, event, moment);
      break;
    case 'commanded':
      onCommand(draft, event.command, moment);
      break;
  }
}

function onCommand(draft: Draft, command: 'pause' | 'resume' | 'leave', moment: Moment): void {
  if (command === 'leave') beginLeaving(draft, { reason: 'left as you asked', isFinished: false }, moment);
  else setPause(draft, { reason: 'user', isActive: command === 'pause' }, moment);
}

function onMessage(draft: Draft, message: MessageToWorker, moment: Moment): void {
  if (onHandshakeMessage(draft, message, moment)) return;
  if (message.t === 'error') onWireError(draft, message, moment);
  else if (isOnline(draft)) onWorkMessage(draft, message, moment);
  else hangUp(draft, moment, OUT_OF_ORDER);
}

function onWorkMessage(draft: Draft, message: MessageToWorker, moment: Moment): void {
  switch (message.t) {
    case 'lease.grant':
      onGrant(draft, message, moment);
      break;
    case 'lease.later':
      onLater(draft, message, moment);
      break;
    case 'lease.renewed':
      onRenewed(draft, message, moment);
      break;
    case 'lease.cancel':
      onCancelled(draft, message);
      break;
    case 'receipts.ack':
      onAcknowledged(draft, message);
      break;
    case 'custody.reply':
      onCustodyReply(draft, message);
      break;
    case 'bundle.wanted':
      onWanted(draft, message);
      break;
    case 'bundle.released':
      onReleased(draft, message.leaseId, message.indexes);
      break;
    case 'work':
      onWork(draft, moment);
      break;
    case 'ack':
      if (!onReturned(draft, message.id) && !onHandOverAcknowledged(draft, message.id)) onFarewell(draft, message.id);
      return;
  }
}

/** A request was refused: what it was about is tried again later, at the earliest when the coordinator says. */
function onWireError(draft: Draft, message: MessageOf<'error'>, moment: Moment): void {
  const { id, code, retryAfterMs } = message;
  if (code === 'MH-WIR-006') onTwin(draft, moment);
  const pending = id === null ? undefined : draft.pending.get(id);
  if (id === null || !pending) return;
  draft.pending.delete(id);
  if (pending.kind === 'receipts') onReportRefused(draft, pending, { code, retryAfterMs, moment });
  // A return that is refused (the lease is over) is as good as done.
  else if (pending.kind === 'return')
    for (const index of pending.indexes) draft.returns.delete(unitKey({ leaseId: pending.leaseId, index }));
  else undo(draft, pending, moment.nowMs + Math.max(retryAfterMs ?? 0, ERROR_RETRY_MS));
}

/** A refused request is not made again sooner. */
const ERROR_RETRY_MS = 5000;

/** The rules, in an order in which each sees what the ones before it did. */
function settle(draft: Draft, moment: Moment): void {
  expirePending(draft, moment);
  driveConnection(draft, moment);
  driveRenewals(draft, moment);
  driveReturns(draft, moment);
  driveHandOvers(draft, moment);
  drivePipeline(draft, moment);
  driveReports(draft, moment);
  driveCustody(draft, moment);
  driveAsking(draft, moment);
  drivePresence(draft, moment);
  driveLeaving(draft, moment);
  driveReturns(draft, moment);
  forgetEmptyLeases(draft);
}

// Custody: large bundles stay here until the coordinator has them durably or does not need them.
import type { LeaseId, MessageOf } from '@manyhands/contract';
import { backOffMs } from './back-off.js';
import {
  CUSTODY_INTERVAL_ENDING_MS,
  CUSTODY_INTERVAL_MS,
  CUSTODY_ITEMS_MAXIMUM,
  LOST_NAMED_MAXIMUM,
  UPLOAD_RETRY_MAXIMUM_MS,
  UPLOAD_RETRY_MS,
  UPLOADS_MAXIMUM,
} from './constants.js';
import { isWaitingFor, remember, takePending } from './pending.js';
import type { Moment, UnitRef, WorkerEvent } from './ports.js';
import { forgetResult, NEW_RESULT } from './results.js';
import { type Draft, type HeldResult, isOnline, takeRequestId, unitKey } from './state.js';

export function keptResults(state: { results: ReadonlyMap<string, HeldResult> }): HeldResult[] {
  return [...state.results.values()].filter(({ phase }) => phase !== 'unsent' && phase !== 'sent');
}

/** After each connection and every minute: says what is kept, longest kept first. */
export function driveCustody(draft: Draft, { nowMs }: Moment): void {
  if (!isOnline(draft)) return;
  startUploads(draft, nowMs);
  const kept = keptResults(draft);
  const isEnding = draft.options.isOnce && draft.later?.openUnitCount === 0;
  if (isEnding) draft.custodyAtMs = Math.min(draft.custodyAtMs, nowMs + CUSTODY_INTERVAL_ENDING_MS);
  if (kept.length === 0 || draft.custodyAtMs > nowMs || isWaitingFor(draft, 'custody')) return;
  const named = kept.slice(0, CUSTODY_ITEMS_MAXIMUM);
  // What was named goes to the end of the line, so that every bundle has its turn.
  if (kept.length > named.length)
    for (const result of named) {
      draft.results.delete(unitKey(result));
      draft.results.set(unitKey(result), result);
    }
  const id = takeRequestId(draft);
  draft.custodyAtMs = nowMs + (isEnding ? CUSTODY_INTERVAL_ENDING_MS : CUSTODY_INTERVAL_MS);
  remember(draft, id, { kind: 'custody', sentAtMs: nowMs });
  const lost = named.filter(({ isLost }) => isLost).slice(0, LOST_NAMED_MAXIMUM);
  const message = {
    t: 'custody',
    id,
    kept: named.map(nameOf),
    ...(lost.length > 0 && { lost: lost.map(nameOf) }),
  } as const;
  draft.effects.push({ do: 'send', message });
}

function nameOf({ leaseId, index }: UnitRef): UnitRef {
  return { leaseId, index };
}

function startUploads(draft: Draft, nowMs: number): void {
  const kept = keptResults(draft);
  // Nobody waits for what could not be handed in.
  if (!kept.some(({ isWanted }) => isWanted)) draft.callTrouble = null;
  let room = UPLOADS_MAXIMUM - kept.filter(({ phase }) => phase === 'uploading').length;
  for (const result of kept) {
    if (room <= 0) return;
    if (result.phase !== 'kept' || !result.isWanted || result.isLost || result.notBeforeMs > nowMs) continue;
    room -= 1;
    draft.results.set(unitKey(result), { ...result, phase: 'uploading' });
    draft.effects.push({ do: 'upload', unit: { leaseId: result.leaseId, index: result.index } });
  }
}

export function onCustodyReply(draft: Draft, message: MessageOf<'custody.reply'>): void {
  takePending(draft, message.id, 'custody');
  for (const name of message.released) release(draft, name);
  for (const name of message.wanted) onWanted(draft, name);
}

/** The coordinator wants a bundle; its push may come before the acknowledgement of the receipt. */
export function onWanted(draft: Draft, name: UnitRef): void {
  const result = draft.results.get(unitKey(name));
  if (result) draft.results.set(unitKey(name), { ...result, isWanted: true });
}

export function onReleased(draft: Draft, leaseId: LeaseId, indexes: readonly number[]): void {
  for (const index of indexes) release(draft, { leaseId, index });
}

/** Only what was acknowledged may be released; an unacknowledged receipt is still to be sent. */
function release(draft: Draft, name: UnitRef): void {
  const result = draft.results.get(unitKey(name));
  if (result && result.phase !== 'unsent' && result.phase !== 'sent') forgetResult(draft, result);
}

/** Uploaded is not yet settled: the bundle stays until it is released. */
export function onUploaded(draft: Draft, name: UnitRef): void {
  const result = draft.results.get(unitKey(name));
  draft.callTrouble = null;
  draft.uploadTrouble = null;
  if (result?.phase === 'uploading') draft.results.set(unitKey(name), { ...result, phase: 'kept', ...NEW_RESULT });
}

/**
 * What arrived stays at the coordinator, the rest here: it is offered again, however long that takes. A call that the coordinator does not believe is of no
 * use for other results either: nothing more is taken on until one gets through.
 */
export function onUploadFailed(
  draft: Draft,
  { unit: name, code, message }: Extract<WorkerEvent, { on: 'upload-failed' }>,
  { nowMs, random }: Moment,
): void {
  if (code.startsWith('MH-SIG-')) draft.callTrouble = { code };
  const result = draft.results.get(unitKey(name));
  if (result?.phase !== 'uploading') return;
  draft.uploadTrouble = { code, message };
  const bounds = { baseMs: UPLOAD_RETRY_MS, maximumMs: UPLOAD_RETRY_MAXIMUM_MS };
  const notBeforeMs = nowMs + backOffMs(result.attemptCount, random, bounds);
  const attemptCount = result.attemptCount + 1;
  draft.results.set(unitKey(name), { ...result, phase: 'kept', notBeforeMs, attemptCount });
}

/** Only the coordinator can say what becomes of the unit: it is told at once, and releases the result. */
export function onBundleLost(draft: Draft, name: UnitRef, { nowMs }: Moment): void {
  const result = draft.results.get(unitKey(name));
  if (result?.phase !== 'uploading') return;
  draft.results.set(unitKey(name), { ...result, phase: 'kept', isLost: true });
  draft.custodyAtMs = nowMs;
}

// Requests that wait for an answer: each is remembered by its id, and given up after a while.
import { REQUEST_TIMEOUT_MS } from './constants.js';
import type { Moment } from './ports.js';
import { type Draft, type Pending, unitKey } from './state.js';

export function remember(draft: Draft, id: number, pending: Pending): void {
  draft.pending.set(id, pending);
}

/** Takes the request that an answer belongs to, if it is of that kind and still waiting. */
export function takePending<Kind extends Pending['kind']>(
  draft: Draft,
  id: number,
  kind: Kind,
): Extract<Pending, { kind: Kind }> | undefined {
  const pending = draft.pending.get(id);
  if (pending?.kind !== kind) return undefined;
  draft.pending.delete(id);
  draft.timeoutCount = 0;
  return pending as Extract<Pending, { kind: Kind }>;
}

export function isWaitingFor(draft: Draft, kind: Pending['kind']): boolean {
  for (const pending of draft.pending.values()) if (pending.kind === kind) return true;
  return false;
}

/** Requests whose answer is overdue are made again. */
export function expirePending(draft: Draft, { nowMs }: Moment): void {
  for (const [id, pending] of draft.pending) {
    if (pending.sentAtMs + REQUEST_TIMEOUT_MS > nowMs) continue;
    draft.pending.delete(id);
    draft.timeoutCount += 1;
    undo(draft, pending, nowMs);
  }
}

/** Marks what a request was about as not yet done; `notBeforeMs`: when to try again. */
export function undo(draft: Draft, pending: Pending, notBeforeMs: number): void {
  if (pending.kind === 'request') draft.askAtMs = Math.max(draft.askAtMs, notBeforeMs);
  if (pending.kind === 'custody') draft.custodyAtMs = notBeforeMs;
  if (pending.kind === 'leave' && draft.leaving) draft.leaving = { ...draft.leaving, isSaid: true, deadlineMs: 0 };
  if (pending.kind === 'renew')
    for (const leaseId of pending.leaseIds) {
      const held = draft.leases.get(leaseId);
      if (held) draft.leases.set(leaseId, { ...held, renewAtMs: notBeforeMs });
    }
  if (pending.kind === 'hand-over') {
    const unit = draft.units.get(unitKey(pending));
    if (unit) draft.units.set(unitKey(unit), { ...unit, handOver: 'failed' });
  }
  if (pending.kind === 'receipts' || pending.kind === 'return')
    for (const index of pending.indexes) undoUnit(draft, pending, { index, notBeforeMs });
}

function undoUnit(
  draft: Draft,
  { kind, leaseId }: Extract<Pending, { kind: 'receipts' | 'return' }>,
  { index, notBeforeMs }: { index: number; notBeforeMs: number },
): void {
  const key = unitKey({ leaseId, index });
  const result = draft.results.get(key);
  if (kind === 'receipts' && result?.phase === 'sent')
    draft.results.set(key, { ...result, phase: 'unsent', notBeforeMs, attemptCount: result.attemptCount + 1 });
  const returned = draft.returns.get(key);
  if (kind === 'return' && returned) draft.returns.set(key, { ...returned, isSent: false });
}

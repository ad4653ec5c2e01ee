// Computed units: reported in signed receipts, several together, again and again until the coordinator has acknowledged them.
import {
  errorEntry,
  INLINE_BUNDLE_MAXIMUM_BYTES,
  isErrorCode,
  type LeaseId,
  type MessageOf,
} from '@manyhands/contract';
import { backOffMs } from './back-off.js';
import {
  REPORT_BUNDLE_BYTES_MAXIMUM,
  REPORT_DELAY_MS,
  REPORT_FAILURES_MAXIMUM,
  REPORT_RETRY_MAXIMUM_MS,
  REPORT_RETRY_MS,
  REPORT_UNITS_MAXIMUM,
  REPORTS_IN_FLIGHT_MAXIMUM,
} from './constants.js';
import { remember, takePending } from './pending.js';
import type { Moment, RestoredResult, UnitEnding } from './ports.js';
import { type Draft, type HeldResult, isOnline, isPaused, type Pending, takeRequestId, unitKey } from './state.js';

export const NEW_RESULT = { isWanted: false, notBeforeMs: 0, attemptCount: 0, isLost: false } as const;

/** Whether the bundle travels inside the receipts frame. */
export function isInline(ending: UnitEnding): boolean {
  return ending.kind === 'success' && ending.bundleBytes <= INLINE_BUNDLE_MAXIMUM_BYTES;
}

export function restoreResult(draft: Draft, { leaseId, index, ending, isKept }: RestoredResult): void {
  const phase = isKept ? 'kept' : 'unsent';
  draft.results.set(unitKey({ leaseId, index }), { leaseId, index, ending, phase, ...NEW_RESULT });
}

/** The result of a unit under another of its leases. The one before keeps its own: the coordinator may still ask for it by that name. */
export function reportAgain(draft: Draft, { leaseId: before, index, ending }: HeldResult, leaseId: LeaseId): void {
  draft.effects.push({ do: 'copy-result', from: { leaseId: before, index }, to: { leaseId, index } });
  draft.results.set(unitKey({ leaseId, index }), { leaseId, index, ending, phase: 'unsent', ...NEW_RESULT });
}

/** Gives new results their short wait for company, then sends those that are due, lease by lease. */
export function driveReports(draft: Draft, { nowMs }: Moment): void {
  for (const [key, result] of draft.results)
    if (result.phase === 'unsent' && result.notBeforeMs === 0)
      draft.results.set(key, {
        ...result,
        notBeforeMs: nowMs + (isUrgent(draft, result.leaseId) ? 0 : REPORT_DELAY_MS),
      });
  if (!isOnline(draft) || isHeld(draft, nowMs)) return;
  for (const [leaseId, unsent] of unsentByLease(draft)) {
    const isDue =
      unsent.length >= REPORT_UNITS_MAXIMUM ||
      unsent.some(({ notBeforeMs }) => notBeforeMs <= nowMs) ||
      isUrgent(draft, leaseId);
    if (isDue && reportsInFlight(draft) < REPORTS_IN_FLIGHT_MAXIMUM) report(draft, { leaseId, unsent }, nowMs);
  }
}

/** The coordinator has named a time for all receipts: none is sent before. */
function isHeld({ reportsHeld }: Draft, nowMs: number): boolean {
  return reportsHeld !== null && reportsHeld.untilMs > nowMs;
}

/** Nothing more of the lease will come soon: no reason to wait. */
function isUrgent(draft: Draft, leaseId: LeaseId): boolean {
  if (isPaused(draft) || draft.leaving) return true;
  for (const unit of draft.units.values()) if (unit.leaseId === leaseId) return false;
  return true;
}

function unsentByLease(draft: Draft): Map<LeaseId, HeldResult[]> {
  const byLease = new Map<LeaseId, HeldResult[]>();
  for (const result of draft.results.values()) {
    if (result.phase !== 'unsent') continue;
    const group = byLease.get(result.leaseId);
    if (group) group.push(result);
    else byLease.set(result.leaseId, [result]);
  }
  return byLease;
}

function reportsInFlight(draft: Draft): number {
  return [...draft.pending.values()].filter(({ kind }) => kind === 'receipts').length;
}

function report(draft: Draft, group: { leaseId: LeaseId; unsent: readonly HeldResult[] }, nowMs: number): void {
  const { leaseId } = group;
  const fitting = fitFrame(
    group.unsent.filter(({ attemptCount, notBeforeMs }) => attemptCount === 0 || notBeforeMs <= nowMs),
  );
  if (fitting.length === 0) return;
  const requestId = takeRequestId(draft);
  for (const result of fitting) draft.results.set(unitKey(result), { ...result, phase: 'sent' });
  const indexes = fitting.map(({ index }) => index);
  remember(draft, requestId, { kind: 'receipts', leaseId, indexes, sentAtMs: nowMs });
  draft.effects.push({ do: 'report', requestId, leaseId, indexes });
}

/** As many results as one frame may hold. */
function fitFrame(results: readonly HeldResult[]): HeldResult[] {
  const fitting: HeldResult[] = [];
  let bundleBytes = 0;
  let failureCount = 0;
  for (const result of results) {
    const { ending } = result;
    if (ending.kind === 'success' && isInline(ending)) bundleBytes += ending.bundleBytes;
    if (ending.kind !== 'success') failureCount += 1;
    const isFull =
      fitting.length >= REPORT_UNITS_MAXIMUM ||
      bundleBytes > REPORT_BUNDLE_BYTES_MAXIMUM ||
      failureCount > REPORT_FAILURES_MAXIMUM;
    if (isFull) break;
    fitting.push(result);
  }
  return fitting;
}

export function onAcknowledged(draft: Draft, message: MessageOf<'receipts.ack'>): void {
  takePending(draft, message.id, 'receipts');
  draft.reportsHeld = null;
  for (const [index, status] of message.items) {
    const key = unitKey({ leaseId: message.leaseId, index });
    const result = draft.results.get(key);
    // An acknowledgement counts even when its request was given up meanwhile; one for a unit never reported does not.
    if (!result || (result.phase !== 'sent' && result.phase !== 'unsent')) continue;
    draft.counters = { ...draft.counters, [status]: draft.counters[status] + 1 };
    const isToKeep = status === 'recorded' && result.ending.kind === 'success' && !isInline(result.ending);
    if (isToKeep) keep(draft, result);
    else forgetResult(draft, result);
  }
}

function keep(draft: Draft, result: HeldResult): void {
  const { leaseId, index } = result;
  draft.results.set(unitKey(result), { ...result, phase: 'kept', notBeforeMs: 0, attemptCount: 0 });
  draft.effects.push({ do: 'keep-result', unit: { leaseId, index } });
}

export function forgetResult(draft: Draft, { leaseId, index }: HeldResult): void {
  draft.results.delete(unitKey({ leaseId, index }));
  draft.effects.push({ do: 'delete-result', unit: { leaseId, index } });
}

/** The coordinator would not take a receipts frame: sent again later, unless it says that the receipt itself can never count. */
export function onReportRefused(
  draft: Draft,
  pending: Extract<Pending, { kind: 'receipts' }>,
  { code, retryAfterMs, moment }: { code: string; retryAfterMs: number | null; moment: Moment },
): void {
  const { fault, retryable } = errorEntry(code);
  // Who has used up its budget has used it up for every lease.
  draft.reportsHeld =
    code === 'MH-RCP-006' ? { code, untilMs: moment.nowMs + (retryAfterMs ?? 0) * (1 + moment.random / 10) } : null;
  const isFinal = isErrorCode(code) && !retryable && retryAfterMs === null && (fault === 'peer' || fault === 'user');
  for (const index of pending.indexes) {
    const result = draft.results.get(unitKey({ leaseId: pending.leaseId, index }));
    if (result?.phase !== 'sent') continue;
    if (isFinal) {
      draft.counters = { ...draft.counters, refused: draft.counters.refused + 1 };
      forgetResult(draft, result);
      continue;
    }
    const bounds = { baseMs: REPORT_RETRY_MS, maximumMs: REPORT_RETRY_MAXIMUM_MS };
    const waitMs = Math.max(retryAfterMs ?? 0, backOffMs(result.attemptCount, moment.random, bounds));
    const attemptCount = result.attemptCount + 1;
    draft.results.set(unitKey(result), {
      ...result,
      phase: 'unsent',
      notBeforeMs: moment.nowMs + waitMs,
      attemptCount,
    });
  }
}

/** Results that the coordinator has not acknowledged. */
export function unacknowledgedCount(state: { results: ReadonlyMap<string, HeldResult> }): number {
  let count = 0;
  for (const { phase } of state.results.values()) if (phase === 'unsent' || phase === 'sent') count += 1;
  return count;
}

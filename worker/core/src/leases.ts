// Leases: what was granted, renewing at a third of the duration, giving back, and the coordinator taking back.
import type { ErrorCode, Lease, LeaseId, MessageOf } from '@manyhands/contract';
import { LEASES_PER_RENEWAL, MANIFESTS_REMEMBERED, RENEW_TOGETHER_MS, UNITS_HELD_MAXIMUM } from './constants.js';
import { fitsLease, lineageOf } from './lineage.js';
import { remember, takePending } from './pending.js';
import type { Moment, RestoredLease, UnitRef } from './ports.js';
import { reportAgain } from './results.js';
import {
  type Draft,
  type HeldResult,
  type HeldUnit,
  isOnline,
  isPaused,
  takeRequestId,
  unitKey,
  type WorkerState,
} from './state.js';

const UNITS_PER_RETURN = 256;

export function onGrant(draft: Draft, message: MessageOf<'lease.grant'>, moment: Moment): void {
  takePending(draft, message.id, 'request');
  draft.later = null;
  draft.askAtMs = moment.nowMs;
  for (const lease of message.leases) if (!draft.leases.has(lease.leaseId)) accept(draft, lease, moment);
}

function accept(draft: Draft, lease: Lease, { nowMs }: Moment): void {
  const { leaseId } = lease;
  const done = resultsFor(draft, lease);
  const indexes = expandRanges(lease.ranges).filter((index) => !done.has(index));
  const isRoom = draft.units.size + indexes.length <= UNITS_HELD_MAXIMUM;
  const isWelcome = isRoom && !isPaused(draft) && !draft.leaving;
  endEarlierLeases(draft, lease, indexes);
  draft.leases.set(leaseId, { lease, renewAtMs: nowMs + lease.durationMs / 3 });
  if (isWelcome || done.size > 0) draft.effects.push({ do: 'record-lease', lease });
  for (const result of done.values()) reportAgain(draft, result, leaseId);
  if (isWelcome) addUnits(draft, lease, indexes);
  else if (indexes.length > 0) giveBack(draft, { leaseId, indexes });
}

/** A unit that is leased anew is over under the lease before, also when that was not said yet. */
function endEarlierLeases(draft: Draft, { manifestCid }: Lease, indexes: readonly number[]): void {
  const again = new Set(indexes);
  for (const { leaseId, index } of [...draft.units.values()])
    if (again.has(index) && draft.leases.get(leaseId)?.lease.manifestCid === manifestCid)
      removeUnits(draft, { leaseId, indexes: [index] }, { isSettled: false });
}

/** Results of the lease's units that are here under other leases: what was computed once is stated again, not computed again. */
function resultsFor(draft: Draft, lease: Lease): Map<number, HeldResult> {
  const found = new Map<number, HeldResult>();
  if (draft.results.size === 0) return found;
  const wanted = new Set(expandRanges(lease.ranges));
  for (const result of draft.results.values()) {
    const before = draft.leases.get(result.leaseId)?.lease;
    const isOfUnit = before?.manifestCid === lease.manifestCid && wanted.has(result.index);
    const isResult = result.ending.kind !== 'host-failure';
    if (before && isOfUnit && isResult && fitsLease(lineageOf(before), lease)) found.set(result.index, result);
  }
  return found;
}

const NEW_UNIT: Omit<HeldUnit, keyof UnitRef> = {
  ...{ phase: 'waiting', needs: null, crashCount: 0, fetchFailureCount: 0, notBeforeMs: 0 },
  ...{
    hasSnapshot: false,
    hasSealed: false,
    isResuming: false,
    runBeganAtMs: 0,
    handOverAtMs: 0,
    handOver: 'none',
    made: null,
  },
};

/** Puts back what the journal kept. */
export function restoreLease(draft: Draft, restored: RestoredLease): void {
  const { lease, openIndexes, begunIndexes, sealedIndexes = [] } = restored;
  draft.leases.set(lease.leaseId, { lease, renewAtMs: 0 });
  addUnits(draft, lease, openIndexes);
  for (const index of openIndexes) {
    const unit = draft.units.get(unitKey({ leaseId: lease.leaseId, index }));
    const facts = { hasSnapshot: begunIndexes.includes(index), hasSealed: sealedIndexes.includes(index) };
    if (unit) draft.units.set(unitKey(unit), { ...unit, ...facts });
  }
}

function addUnits(draft: Draft, { leaseId, manifestCid }: Lease, indexes: readonly number[]): void {
  for (const index of indexes) draft.units.set(unitKey({ leaseId, index }), { leaseId, index, ...NEW_UNIT });
  draft.recentManifests = [manifestCid, ...draft.recentManifests.filter((cid) => cid !== manifestCid)].slice(
    0,
    MANIFESTS_REMEMBERED,
  );
}

/** Renews what still has units to compute. While paused nothing is renewed (others may have it) but what a checkpoint is on its way of. */
export function driveRenewals(draft: Draft, { nowMs }: Moment): void {
  if (!isOnline(draft)) return;
  const open = renewableLeases(draft);
  const held = [...draft.leases.values()].filter(({ lease }) => open.has(lease.leaseId));
  if (!held.some(({ renewAtMs }) => renewAtMs <= nowMs)) return;
  const due = held.filter(({ renewAtMs }) => renewAtMs <= nowMs + RENEW_TOGETHER_MS).slice(0, LEASES_PER_RENEWAL);
  const leaseIds = due.map(({ lease }) => lease.leaseId);
  for (const { lease } of due) draft.leases.set(lease.leaseId, { lease, renewAtMs: Number.POSITIVE_INFINITY });
  const id = takeRequestId(draft);
  remember(draft, id, { kind: 'renew', leaseIds, sentAtMs: nowMs });
  draft.effects.push({ do: 'send', message: { t: 'lease.renew', id, leaseIds } });
}

export function renewableLeases(state: Pick<WorkerState, 'units' | 'pauses' | 'leaving'>): Set<LeaseId> {
  if (!isPaused(state) && !state.leaving) return leasesWithUnits(state);
  const handedOver = [...state.units.values()].filter(({ handOver }) => handOver !== 'none' && handOver !== 'failed');
  return new Set(handedOver.map(({ leaseId }) => leaseId));
}

function leasesWithUnits(state: { units: ReadonlyMap<string, HeldUnit> }): Set<LeaseId> {
  return new Set([...state.units.values()].map(({ leaseId }) => leaseId));
}

export function onRenewed(draft: Draft, message: MessageOf<'lease.renewed'>, { nowMs }: Moment): void {
  const pending = takePending(draft, message.id, 'renew');
  const durations = new Map(message.leases.map(({ leaseId, durationMs }) => [leaseId, durationMs]));
  for (const leaseId of pending?.leaseIds ?? []) {
    const durationMs = durations.get(leaseId);
    const held = draft.leases.get(leaseId);
    if (durationMs === undefined) dropLease(draft, leaseId, { isSettled: false });
    else if (held) draft.leases.set(leaseId, { ...held, renewAtMs: nowMs + durationMs / 3 });
  }
}

/** The coordinator takes a lease back. One that ran out, as while this host slept, says nothing of its units: they may come again. */
export function onCancelled(draft: Draft, { leaseId, code }: MessageOf<'lease.cancel'>): void {
  dropLease(draft, leaseId, { isSettled: code !== 'MH-LSE-001' });
}

/** The lease has ended: its open units are stopped. Results of it stay until they are acknowledged. */
function dropLease(draft: Draft, leaseId: LeaseId, { isSettled }: { isSettled: boolean }): void {
  const indexes = [...draft.units.values()].filter((unit) => unit.leaseId === leaseId).map(({ index }) => index);
  removeUnits(draft, { leaseId, indexes }, { isSettled });
  for (const [key, unit] of draft.returns) if (unit.leaseId === leaseId) draft.returns.delete(key);
}

/** Gives units back without a receipt, and says so as soon as there is a connection. `code`: why this host cannot run them. */
export function giveBack(
  draft: Draft,
  { leaseId, indexes }: { leaseId: LeaseId; indexes: readonly number[] },
  code: ErrorCode | null = null,
): void {
  removeUnits(draft, { leaseId, indexes }, { isSettled: false });
  for (const index of indexes) draft.returns.set(unitKey({ leaseId, index }), { leaseId, index, code, isSent: false });
}

/** Gives back all units that a condition holds for, lease by lease. */
export function giveBackWhere(draft: Draft, condition: (unit: HeldUnit) => boolean): void {
  for (const leaseId of draft.leases.keys()) {
    const units = [...draft.units.values()].filter((unit) => unit.leaseId === leaseId && condition(unit));
    const indexes = units.map(({ index }) => index);
    if (indexes.length > 0) giveBack(draft, { leaseId, indexes });
  }
}

/** Forgets units without a word to the coordinator, which knows already. Unless they are settled, they stop with a snapshot, to go on when they come again. */
export function removeUnits(
  draft: Draft,
  { leaseId, indexes }: { leaseId: LeaseId; indexes: readonly number[] },
  { isSettled }: { isSettled: boolean },
): void {
  for (const index of indexes) discard(draft, { leaseId, index }, { isKept: !isSettled });
  if (indexes.length > 0) draft.effects.push({ do: 'drop-units', leaseId, indexes, isSettled });
}

function discard(draft: Draft, ref: UnitRef, { isKept }: { isKept: boolean }): void {
  const unit = draft.units.get(unitKey(ref));
  if (!unit) return;
  if (unit.phase === 'running' || unit.phase === 'stopping') draft.effects.push({ do: 'stop', unit: ref, isKept });
  if (unit.phase !== 'waiting') draft.effects.push({ do: 'release', unit: ref });
  draft.units.delete(unitKey(ref));
}

/** Sends what was given back and not yet acknowledged, one message for each lease and reason. */
export function driveReturns(draft: Draft, { nowMs }: Moment): void {
  if (!isOnline(draft)) return;
  const groups = new Map<string, ReturnGroup>();
  for (const { leaseId, index, code, isSent } of draft.returns.values()) {
    if (isSent) continue;
    const group = groups.get(`${leaseId} ${code}`);
    if (group) group.indexes.push(index);
    else groups.set(`${leaseId} ${code}`, { leaseId, code, indexes: [index] });
  }
  for (const { leaseId, code, indexes: all } of groups.values()) {
    const indexes = all.slice(0, UNITS_PER_RETURN);
    for (const index of indexes) draft.returns.set(unitKey({ leaseId, index }), { leaseId, index, code, isSent: true });
    const id = takeRequestId(draft);
    remember(draft, id, { kind: 'return', leaseId, indexes, sentAtMs: nowMs });
    draft.effects.push({ do: 'send', message: { t: 'lease.return', id, leaseId, ranges: rangesOf(indexes), code } });
  }
}

type ReturnGroup = { leaseId: LeaseId; code: ErrorCode | null; indexes: number[] };

/** The answer to a return; `ack` also answers others. */
export function onReturned(draft: Draft, id: number): boolean {
  const pending = takePending(draft, id, 'return');
  for (const index of pending?.indexes ?? []) if (pending) draft.returns.delete(unitKey({ ...pending, index }));
  return pending !== undefined;
}

/** Leases of which nothing is left are forgotten. */
export function forgetEmptyLeases(draft: Draft): void {
  const used = leasesWithUnits(draft);
  for (const { leaseId } of draft.results.values()) used.add(leaseId);
  for (const { leaseId } of draft.returns.values()) used.add(leaseId);
  for (const leaseId of draft.leases.keys()) if (!used.has(leaseId)) draft.leases.delete(leaseId);
}

function expandRanges(ranges: Lease['ranges']): number[] {
  const indexes = new Set<number>();
  for (const [first, count] of ranges) for (let offset = 0; offset < count; offset++) indexes.add(first + offset);
  return [...indexes];
}

/** The shortest list of ranges that holds exactly these indexes. */
export function rangesOf(indexes: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const index of [...new Set(indexes)].sort((left, right) => left - right)) {
    const last = ranges.at(-1);
    if (last && last[0] + last[1] === index) last[1] += 1;
    else ranges.push([index, 1]);
  }
  return ranges;
}

// From leased to computed: the blocks of the next units are fetched while others run, within cores and memory.
import { type ErrorCode, errorEntry, isErrorCode } from '@manyhands/contract';
import {
  CRASHES_MAXIMUM,
  FETCH_RETRY_MS,
  FETCHES_MAXIMUM,
  HAND_OVER_INTERVAL_MS,
  PREPARED_BYTES_MAXIMUM,
  PREPARED_MAXIMUM,
  PREPARED_MINIMUM,
  PREPARED_MS,
  PREPARING_MAXIMUM,
  RUN_AHEAD_MS,
  RUN_AHEAD_UNIT_MAXIMUM_MS,
  RUNS_MAXIMUM,
} from './constants.js';
import { handOverPrepared } from './handing-over.js';
import { giveBack } from './leases.js';
import type { Moment, UnitEnding, UnitNeeds, UnitRef } from './ports.js';
import { NEW_RESULT } from './results.js';
import { type Draft, type HeldUnit, isOnline, isPaused, type UnitPhase, unitKey } from './state.js';

const inPhase = (draft: Draft, ...phases: UnitPhase[]): HeldUnit[] =>
  [...draft.units.values()].filter(({ phase }) => phases.includes(phase));

/** Starts preparations and runs, in the order of arrival. */
export function drivePipeline(draft: Draft, moment: Moment): void {
  endFetchWaits(draft, moment);
  if (isPaused(draft) || draft.leaving || draft.ended) return;
  startRuns(draft, moment);
  startPreparations(draft);
}

/** A unit whose wait is over waits for room only, which no clock brings. */
function endFetchWaits(draft: Draft, { nowMs }: Moment): void {
  for (const [key, unit] of draft.units)
    if (unit.notBeforeMs > 0 && unit.notBeforeMs <= nowMs) draft.units.set(key, { ...unit, notBeforeMs: 0 });
}

/** Only while there is a connection: without one, a failed fetch would say nothing about this host. */
function startPreparations(draft: Draft): void {
  if (!isOnline(draft)) return;
  const preparing = inPhase(draft, 'preparing').length;
  const ahead = preparing + inPhase(draft, 'ready').length;
  const idleCores = Math.max(0, draft.options.cores - inPhase(draft, 'running', 'stopping').length);
  const room = Math.min(aheadTarget(draft) + idleCores - ahead, PREPARING_MAXIMUM - preparing);
  const due = inPhase(draft, 'waiting').filter(({ notBeforeMs }) => notBeforeMs === 0);
  for (const unit of due.slice(0, Math.max(0, room))) {
    const held = draft.leases.get(unit.leaseId);
    if (!held) continue;
    draft.units.set(unitKey(unit), { ...unit, phase: 'preparing' });
    draft.effects.push({ do: 'prepare', unit: refOf(unit), lease: held.lease });
  }
}

/** How many units to have fetched beside the running ones. */
function aheadTarget({ options, averageUnitMs, averageInputBytes }: Draft): number {
  const perCore = averageUnitMs === null ? 1 : Math.ceil(PREPARED_MS / Math.max(1, averageUnitMs));
  const byTime = Math.max(PREPARED_MINIMUM, options.cores * Math.max(1, perCore));
  const bySize = Math.max(1, Math.floor(PREPARED_BYTES_MAXIMUM / Math.max(1, averageInputBytes)));
  return Math.min(byTime, bySize, PREPARED_MAXIMUM);
}

/**
 * Gives units to the executor, which runs one a core and keeps the others in line. A unit that does not fit beside the others waits for them; smaller
 * ones behind it do not overtake, or it would starve.
 */
function startRuns(draft: Draft, { nowMs }: Moment): void {
  const ready = inPhase(draft, 'ready');
  if (ready.length === 0) return;
  const sizes = inPhase(draft, 'running', 'stopping').map(({ needs }) => needs?.memoryBytes ?? 0);
  const runsMaximum = runsTarget(draft);
  for (const unit of ready) {
    if (!unit.needs || sizes.length >= runsMaximum) return;
    sizes.push(unit.needs.memoryBytes);
    if (sizes.length > 1 && largestTogether(sizes, draft.options.cores) > draft.options.memoryBytes) return;
    draft.units.set(unitKey(unit), {
      ...{ ...unit, phase: 'running', isResuming: unit.hasSnapshot },
      ...{ runBeganAtMs: nowMs, handOverAtMs: nowMs + HAND_OVER_INTERVAL_MS },
    });
    draft.effects.push({ do: 'run', unit: refOf(unit), timeoutMs: unit.needs.timeoutMs });
  }
}

/** Units that the executor has at a time: one a core, and for short ones so many more that no core waits for the next. */
function runsTarget({ options, averageUnitMs }: Draft): number {
  if (averageUnitMs === null || averageUnitMs > RUN_AHEAD_UNIT_MAXIMUM_MS) return options.cores;
  const perCore = Math.ceil(RUN_AHEAD_MS / Math.max(1, averageUnitMs));
  return Math.max(options.cores, Math.min(RUNS_MAXIMUM, options.cores * (1 + perCore)));
}

/** No more than `cores` run at one time, so that the largest of them are the worst case. */
function largestTogether(sizes: readonly number[], cores: number): number {
  const largest = sizes.length <= cores ? sizes : [...sizes].sort((left, right) => right - left).slice(0, cores);
  return largest.reduce((sum, size) => sum + size, 0);
}

export function onPrepared(draft: Draft, ref: UnitRef, needs: UnitNeeds): void {
  const unit = draft.units.get(unitKey(ref));
  draft.averageInputBytes += (needs.inputBytes - draft.averageInputBytes) / 8;
  if (unit?.phase === 'preparing') {
    draft.units.set(unitKey(ref), { ...unit, phase: 'ready', needs });
    handOverPrepared(draft, ref);
  } else if (!unit) draft.effects.push({ do: 'release', unit: ref });
}

/** What the unit needs cannot be had or is not what was signed: said to the coordinator like a failed run. */
export function onUnprepared(
  draft: Draft,
  problem: { unit: UnitRef; code: ErrorCode; message: string },
  { nowMs }: Moment,
): void {
  const unit = draft.units.get(unitKey(problem.unit));
  if (unit?.phase !== 'preparing') return;
  if (isForOthers(problem.code)) {
    giveBack(draft, { leaseId: unit.leaseId, indexes: [unit.index] }, problem.code);
    return;
  }
  // A fetch that failed for want of a connection says nothing about this host.
  const fetchFailureCount = unit.fetchFailureCount + (isOnline(draft) ? 1 : 0);
  if (!errorEntry(problem.code).retryable || fetchFailureCount >= FETCHES_MAXIMUM) {
    failUnit(draft, problem.unit, problem);
    return;
  }
  if (draft.leaving) {
    giveBack(draft, { leaseId: unit.leaseId, indexes: [unit.index] });
    return;
  }
  const notBeforeMs = nowMs + FETCH_RETRY_MS * Math.max(1, fetchFailureCount);
  draft.units.set(unitKey(unit), { ...unit, phase: 'waiting', fetchFailureCount, notBeforeMs });
}

/** A checkpoint that is not what its predecessor signed, or an engine that this host does not keep: others are to compute the unit. */
function isForOthers(code: string): code is ErrorCode {
  return isErrorCode(code) && (code.startsWith('MH-CKP-') || code === 'MH-APP-004');
}

/** The executor died under it: run again, but not for ever. */
export function onCrashed(draft: Draft, ref: UnitRef): void {
  const unit = draft.units.get(unitKey(ref));
  if (unit?.phase !== 'running' && unit?.phase !== 'stopping') return;
  const crashCount = unit.crashCount + 1;
  if (crashCount < CRASHES_MAXIMUM || unit.phase === 'stopping') {
    draft.units.set(unitKey(ref), { ...unit, phase: 'ready', isResuming: false, crashCount });
    return;
  }
  failUnit(draft, ref, {
    code: 'MH-HOST-004',
    message: `The executor process ended ${crashCount} times while it ran the unit.`,
  });
}

function failUnit(draft: Draft, unit: UnitRef, { code, message }: { code: ErrorCode; message: string }): void {
  const failure = {
    kind: 'host-failure',
    code,
    exitCode: null,
    message: message.slice(0, 500),
    stderrTail: '',
    elapsedMs: 0,
    ...{ fuel: 0, markCount: 0, chainRoot: null },
  } as const;
  draft.effects.push({ do: 'record-failure', unit, failure });
  addResult(draft, unit, failure);
}

export function onStopped(draft: Draft, ref: UnitRef): void {
  const unit = draft.units.get(unitKey(ref));
  if (unit?.phase === 'stopping' || unit?.phase === 'running')
    draft.units.set(unitKey(ref), { ...unit, phase: 'ready', isResuming: false });
}

/** The run goes on from the checkpoint. */
export function onResumed(draft: Draft, ref: UnitRef): void {
  const unit = draft.units.get(unitKey(ref));
  if (unit) draft.units.set(unitKey(ref), { ...unit, isResuming: false });
}

/** A new snapshot is progress: deaths of the executor before it do not count any more. */
export function onSnapshot(draft: Draft, ref: UnitRef, hasSnapshot: boolean): void {
  const unit = draft.units.get(unitKey(ref));
  if (!unit) return;
  const { crashCount, isResuming } = unit;
  draft.units.set(unitKey(ref), {
    ...{ ...unit, hasSnapshot },
    ...{ crashCount: hasSnapshot ? 0 : crashCount, isResuming: hasSnapshot && isResuming },
  });
}

/** A run came to its end. Of a unit that was taken back meanwhile nothing is kept. */
export function onEnded(draft: Draft, ref: UnitRef, ending: UnitEnding): void {
  if (!draft.units.has(unitKey(ref))) {
    if (!draft.results.has(unitKey(ref))) draft.effects.push({ do: 'delete-result', unit: ref });
    return;
  }
  if (ending.kind === 'host-failure' && isForOthers(ending.code)) {
    giveBack(draft, { leaseId: ref.leaseId, indexes: [ref.index] }, ending.code);
    return;
  }
  if (ending.kind !== 'success') draft.effects.push({ do: 'record-failure', unit: ref, failure: ending });
  const previous = draft.averageUnitMs;
  if (ending.kind === 'success')
    draft.averageUnitMs = previous === null ? ending.elapsedMs : previous + (ending.elapsedMs - previous) / 8;
  addResult(draft, ref, ending);
}

/** Moves a unit from the pipeline to the results. */
function addResult(draft: Draft, ref: UnitRef, ending: UnitEnding): void {
  const key = unitKey(ref);
  const unit = draft.units.get(key);
  if (unit && unit.phase !== 'waiting') draft.effects.push({ do: 'release', unit: ref });
  draft.units.delete(key);
  const { computed, failed } = draft.counters;
  draft.counters = {
    ...draft.counters,
    computed: computed + (ending.kind === 'success' || ending.kind === 'unit-failure' ? 1 : 0),
    failed: failed + (ending.kind === 'unit-failure' || ending.kind === 'host-failure' ? 1 : 0),
  };
  draft.results.set(key, { ...refOf(ref), ending, phase: 'unsent', ...NEW_RESULT });
}

function refOf({ leaseId, index }: UnitRef): UnitRef {
  return { leaseId, index };
}

/** What a pause does to units that run: stopped at the next slice, to go on later. */
export function stopRuns(draft: Draft): void {
  for (const unit of inPhase(draft, 'running')) {
    draft.units.set(unitKey(unit), { ...unit, phase: 'stopping' });
    draft.effects.push({ do: 'stop', unit: refOf(unit), isKept: true });
  }
}

// Handing begun units over: on a timer for long ones, in case this host vanishes; at the end when it leaves.
import { HAND_OVER_INTERVAL_MS, HAND_OVER_TIMEOUT_MS } from './constants.js';
import { giveBack, removeUnits } from './leases.js';
import { remember, takePending } from './pending.js';
import type { Moment, UnitRef, WorkerEvent } from './ports.js';
import { type Draft, type HeldUnit, isOnline, isPaused, takeRequestId, unitKey } from './state.js';

//   none --its time has come, leaving, or begun before a restart--> making --handed-over--> made --online--> sent --ack--> none (runs on) | gone (final)
//   making --hand-over-failed--> failed <--refused, unanswered-- sent ; sent --closed--> made ; failed -> none (runs on) | given back (leaving)

/** Clears up after what failed, and starts what is due. */
export function driveHandOvers(draft: Draft, { nowMs }: Moment): void {
  for (const unit of [...draft.units.values()]) if (unit.handOver === 'failed') endFailed(draft, unit);
  if (isOnline(draft))
    for (const unit of [...draft.units.values()]) if (unit.handOver === 'made') say(draft, unit, nowMs);
  if (!isOnline(draft) || isPaused(draft) || draft.leaving) return;
  for (const unit of draft.units.values())
    if (unit.hasSealed && unit.handOver === 'none' && unit.phase !== 'waiting') {
      draft.units.set(unitKey(unit), { ...unit, handOver: 'making', hasSealed: false });
      draft.effects.push({ do: 'resume-hand-over', unit: refOf(unit) });
    }
  for (const unit of draft.units.values())
    if (isTimed(unit) && unit.handOverAtMs <= nowMs) {
      draft.units.set(unitKey(unit), { ...unit, handOver: 'making', handOverAtMs: nowMs + HAND_OVER_INTERVAL_MS });
      draft.effects.push({ do: 'hand-over', unit: refOf(unit), isFinal: false });
    }
}

/** Whether the unit waits for the time of its next checkpoint. */
export function isTimed({ phase, handOver }: HeldUnit): boolean {
  return phase === 'running' && handOver === 'none';
}

/** Without a checkpoint at the coordinator the unit is given back when the host leaves; otherwise it simply runs on. */
function endFailed(draft: Draft, unit: HeldUnit): void {
  if (draft.leaving) giveBack(draft, { leaseId: unit.leaseId, indexes: [unit.index] });
  else draft.units.set(unitKey(unit), { ...unit, handOver: 'none', made: null });
}

/** The last checkpoint of a unit: the executor stops there. One that is being prepared again after a restart is taken up when it is there. */
export function handOverFinally(draft: Draft, unit: HeldUnit): void {
  const phase = unit.phase === 'running' ? 'stopping' : unit.phase;
  draft.units.set(unitKey(unit), { ...unit, phase, handOver: 'making' });
  if (phase !== 'preparing') askFinally(draft, unit);
}

/** It is there now. */
export function handOverPrepared(draft: Draft, ref: UnitRef): void {
  if (draft.units.get(unitKey(ref))?.handOver === 'making') askFinally(draft, ref);
}

function askFinally(draft: Draft, unit: UnitRef): void {
  draft.effects.push({ do: 'hand-over', unit: refOf(unit), isFinal: true });
}

/** The statement waits for a connection: that of the upload and this one come back at different times. */
export function onHandedOver(draft: Draft, event: Extract<WorkerEvent, { on: 'handed-over' }>): void {
  const unit = draft.units.get(unitKey(event.unit));
  if (unit?.handOver !== 'making') return;
  const { isFinal, envelope, key } = event;
  draft.units.set(unitKey(unit), { ...unit, handOver: 'made', made: { envelope, key, isFinal } });
}

function say(draft: Draft, unit: HeldUnit, nowMs: number): void {
  if (!unit.made) return;
  const { isFinal, envelope, key } = unit.made;
  const id = takeRequestId(draft);
  draft.units.set(unitKey(unit), { ...unit, handOver: 'sent' });
  remember(draft, id, { kind: 'hand-over', leaseId: unit.leaseId, index: unit.index, isFinal, sentAtMs: nowMs });
  const message = { t: 'hand.over', id, envelope: envelope.slice(), key: key.slice(), isFinal } as const;
  draft.effects.push({ do: 'send', message });
}

/** A checkpoint that still moves keeps a leaving worker: on a slow line it takes minutes. */
export function onHandOverMoved(draft: Draft, { nowMs }: Moment): void {
  if (draft.leaving) draft.leaving = { ...draft.leaving, handOverDeadlineMs: nowMs + HAND_OVER_TIMEOUT_MS };
}

export function onHandOverFailed(draft: Draft, ref: UnitRef): void {
  const unit = draft.units.get(unitKey(ref));
  if (unit?.handOver === 'making') draft.units.set(unitKey(ref), { ...unit, handOver: 'failed' });
}

/** The answer to a hand-over; `ack` also answers others. */
export function onHandOverAcknowledged(draft: Draft, id: number): boolean {
  const pending = takePending(draft, id, 'hand-over');
  const unit = pending && draft.units.get(unitKey(pending));
  if (!pending || !unit) return pending !== undefined;
  const units = { leaseId: pending.leaseId, indexes: [pending.index] };
  if (pending.isFinal) removeUnits(draft, units, { isSettled: false });
  // A host that leaves meanwhile gives the unit back: the coordinator has what it needs for a successor.
  else if (draft.leaving) giveBack(draft, units);
  else draft.units.set(unitKey(unit), { ...unit, handOver: 'none', made: null });
  return true;
}

function refOf({ leaseId, index }: UnitRef): UnitRef {
  return { leaseId, index };
}

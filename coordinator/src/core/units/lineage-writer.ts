// Writes what becomes of lineages: segments that were closed, lineages that ended, checkpoints that nobody needs any more.
import type { CoreStore } from '../ports/core-store.js';
import { isSettled } from './domain/unit-state.js';
import type { UnitEntry } from './unit-entry.js';

/** Returns the ids of checkpoints whose files are to be removed. */
export function writeLineages({ checkpoints }: CoreStore, { id, before, state }: UnitEntry): number[] {
  if (before.lineages === state.lineages && (state.lineages.length === 0 || before.phase === state.phase)) return [];
  const dropped: number[] = [];
  for (const { id: lineage } of before.lineages) {
    if (state.lineages.some((other) => other.id === lineage)) continue;
    dropped.push(...checkpoints.removeOfLineage(id, lineage));
    checkpoints.removeSegments(id, lineage);
  }
  for (const { id: lineage, segments } of state.lineages) {
    const known = before.lineages.find((other) => other.id === lineage)?.segments.length ?? 0;
    for (let sequence = known; sequence < segments.length; sequence++) checkpoints.closeSegment(id, lineage, sequence);
  }
  if (isSettled(state)) dropped.push(...checkpoints.removeOfUnit(id));
  return dropped;
}

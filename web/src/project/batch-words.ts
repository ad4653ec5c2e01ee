// How a batch stands, in words.
import type { Batch } from '@manyhands/contract';
import { endedInWords, wordOfBatch } from '@manyhands/contract/words';
import { formatCount, plural } from '../format/numbers.js';
import { formatDuration, formatWhen } from '../format/times.js';

/** "811 of 1,235 units are done and checked". */
export function headline(batch: Batch): string {
  const { counts, state, isVerified } = batch;
  const done = isVerified ? 'done and checked' : 'done';
  const part = `${formatCount(counts.accepted)} of ${plural(counts.total, 'unit')}`;
  if (isStopped(batch)) return `Stopped by the operator after ${part}`;
  if (state === 'cancelled') return `Cancelled by its scientist after ${part}`;
  if (state === 'expired') return `Time ran out after ${part}`;
  if (counts.total > 0 && counts.accepted === counts.total) {
    return counts.total === 1 ? `The one unit is ${done}` : `All ${plural(counts.total, 'unit')} are ${done}`;
  }
  return `${part} ${counts.total === 1 ? 'is' : 'are'} ${done}`;
}

/** The operator stopped its program: the state of the batch alone does not say so. */
function isStopped(batch: Batch): boolean {
  return wordOfBatch(batch) !== batch.state;
}

/** "finished", "cancelled", "ran out of time", "stopped by the operator"; "open" while it is. */
export function stateInWords(batch: Batch): string {
  if (isStopped(batch)) return wordOfBatch(batch);
  return { open: 'open', complete: 'finished', cancelled: 'cancelled', expired: 'ran out of time' }[batch.state];
}

/** "finished at 14:02; 3 failed": when it ended and what came to no result; null while it is open. */
export function endInWords(batch: Batch, nowMs: number): string | null {
  if (batch.state === 'open') return null;
  const when = batch.completedAtMs === null ? '' : ` ${formatWhen(batch.completedAtMs, nowMs)}`;
  const missing = endedInWords(batch.counts, formatCount);
  return `${stateInWords(batch)}${when}${missing === '' ? '' : `; ${missing}`}`;
}

/** "Happening now · batch known-prophage, 2 min old" or "Batch known-prophage, finished at 14:02". */
export function situationInWords(batch: Batch, nowMs: number): string {
  if (batch.state === 'open') {
    return `Happening now · batch ${batch.name}, ${formatDuration(Math.max(0, nowMs - batch.submittedAtMs), 1)} old`;
  }
  const when = batch.completedAtMs === null ? '' : ` ${formatWhen(batch.completedAtMs, nowMs)}`;
  return `Batch ${batch.name}, ${stateInWords(batch)}${when}`;
}

/** Share of units that have ended, 0 to 1. */
export function settledShare({ counts }: Batch): number {
  return counts.total === 0 ? 0 : (counts.accepted + counts.failed) / counts.total;
}

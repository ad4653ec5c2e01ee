// How a batch stands, in words.
import type { Batch } from '@manyhands/contract';
import { formatCount, plural } from '../format/numbers.js';
import { formatClock, formatDate } from '../format/times.js';

/** "811 of 1,235 units are done and checked". */
export function headline({ counts, state, isVerified }: Batch): string {
  const done = isVerified ? 'done and checked' : 'done';
  const part = `${formatCount(counts.accepted)} of ${plural(counts.total, 'unit')}`;
  if (state === 'cancelled') return `Stopped by its scientist after ${part}`;
  if (state === 'expired') return `Time ran out after ${part}`;
  if (counts.total > 0 && counts.accepted === counts.total) {
    return counts.total === 1 ? `The one unit is ${done}` : `All ${plural(counts.total, 'unit')} are ${done}`;
  }
  return `${part} ${counts.accepted === 1 && counts.total === 1 ? 'is' : 'are'} ${done}`;
}

/** When it ended; null while it is open. */
export function endInWords(batch: Batch, nowMs: number): string | null {
  if (batch.completedAtMs === null) return null;
  const today = formatDate(nowMs) === formatDate(batch.completedAtMs);
  const when = today ? `at ${formatClock(batch.completedAtMs)}` : `on ${formatDate(batch.completedAtMs)}`;
  return batch.counts.failed > 0 ? `finished ${when}, ${formatCount(batch.counts.failed)} failed` : `finished ${when}`;
}

/** Share of units that have ended, 0 to 1. */
export function settledShare({ counts }: Batch): number {
  return counts.total === 0 ? 0 : (counts.accepted + counts.failed) / counts.total;
}

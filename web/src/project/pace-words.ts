// What the chart of the pace says, in words.
import type { Batch } from '@manyhands/contract';
import { formatCount, formatRate } from '../format/numbers.js';
import { formatClock, formatDuration, formatMoment, zoneName } from '../format/times.js';
import type { Throughput } from './estimate.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Intervals that have a word of their own. */
const NAMED: ReadonlyMap<number, string> = new Map([
  [1000, 'second'],
  [MINUTE_MS, 'minute'],
  [HOUR_MS, 'hour'],
  [DAY_MS, 'day'],
]);

/** "minute", "10 s": what one bar covers. */
export function intervalInWords(intervalMs: number): string {
  return NAMED.get(intervalMs) ?? formatDuration(intervalMs);
}

/** Clocks where the chart fits into a day, days with clocks where it does not. */
export function instantFormat({ points, intervalMs }: Throughput): (instantMs: number) => string {
  const spanMs = (points.at(-1)?.startMs ?? 0) - (points[0]?.startMs ?? 0);
  if (spanMs >= DAY_MS) return (instantMs) => formatMoment(instantMs);
  return (instantMs) => formatClock(instantMs, { hasSeconds: intervalMs < MINUTE_MS });
}

/** "14:01 CET · every minute": up to when, and what a bar is. */
export function remarkOf(throughput: Throughput): string | null {
  const last = throughput.points.at(-1);
  if (!last) return null;
  const instant = instantFormat(throughput);
  return `${instant(last.startMs)} ${zoneName(last.startMs)} · every ${intervalInWords(throughput.intervalMs)}`;
}

/** What stands below the bars. An ended batch has no bar that still grows. */
export function captionOf(throughput: Throughput, { state, quorum }: Batch, mean: number | null): string {
  const isOpen = state === 'open';
  if (throughput.points.every(({ accepted }) => accepted === 0)) {
    if (!isOpen) return 'No unit was accepted.';
    return quorum > 1
      ? 'No unit has been accepted yet. The first bar appears when computers of different people agree.'
      : 'No unit has been accepted yet. The first bar appears with the first answer.';
  }
  const dashed = mean === null ? '' : ` Dashed: mean ${formatRate(mean)}.`;
  if (!isOpen) return `From the first accepted unit to the last.${dashed}`;
  const word = NAMED.get(throughput.intervalMs) ?? 'interval';
  return `The last bar is the ${word} that is still running.${dashed}`;
}

/** The finding, for those who do not see the picture. */
export function paceTitle(throughput: Throughput, mean: number | null): string {
  const { points, intervalMs } = throughput;
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return 'Units accepted over time: none yet.';
  const instant = instantFormat(throughput);
  const most = points.reduce((maximum, { accepted }) => Math.max(maximum, accepted), 0);
  const average = mean === null ? '' : `, ${formatRate(mean)} on average`;
  return `Units accepted per ${intervalInWords(intervalMs)}, ${instant(first.startMs)} to ${instant(last.startMs)}: at most ${formatCount(most)}${average}.`;
}

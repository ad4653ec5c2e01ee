// How long a batch will still take, as a range, from the pace of the last intervals.
import type { BatchStory } from '@manyhands/contract';

export type Throughput = BatchStory['throughput'];

/** Finished intervals that the pace is taken from. */
const WINDOW = 10;
const ACCEPTED_MINIMUM = 8;
/** Eight of ten waits fall inside, if units arrive independently. */
const SPREAD = 1.28;
const SPREAD_MAXIMUM = 0.6;

export type Estimate = { readonly lowMs: number; readonly middleMs: number; readonly highMs: number };

/** Null while too little is known. */
export function estimateLeft(openUnits: number, { points, intervalMs }: Throughput): Estimate | null {
  const finished = points.slice(0, -1);
  const first = finished.findIndex(({ accepted }) => accepted > 0);
  if (first < 0 || openUnits === 0) return null;
  // The interval in which work began was not worked in full.
  const recent = finished.slice(first + 1).slice(-WINDOW);
  const accepted = recent.reduce((sum, point) => sum + point.accepted, 0);
  if (recent.length < 2 || accepted < ACCEPTED_MINIMUM) return null;
  const middleMs = (openUnits * recent.length * intervalMs) / accepted;
  const spread = Math.min(SPREAD_MAXIMUM, SPREAD / Math.sqrt(accepted));
  return { lowMs: middleMs / (1 + spread), middleMs, highMs: middleMs / (1 - spread) };
}

/** Mean per interval from the first accepted unit on: to the last one of an ended batch, else without the interval that still runs. Null before there are two. */
export function meanAccepted({ points }: Throughput, isOpen: boolean): number | null {
  const hasAny = ({ accepted }: Throughput['points'][number]) => accepted > 0;
  const end = isOpen ? points.length - 1 : points.findLastIndex(hasAny) + 1;
  const worked = points.slice(Math.max(0, points.findIndex(hasAny)), Math.max(0, end));
  const sum = worked.reduce((total, { accepted }) => total + accepted, 0);
  return worked.length < 2 || sum === 0 ? null : sum / worked.length;
}

const UNITS: [number, string][] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
];

/** "About 30 minutes left" and "26 to 37". */
export function estimateInWords(estimate: Estimate): { readonly about: string; readonly range: string } {
  const [sizeMs, word] = UNITS.find(([size]) => estimate.middleMs >= 1.5 * size) ?? [1000, 'second'];
  const middle = Math.max(1, Math.round(estimate.middleMs / sizeMs));
  const low = Math.max(1, Math.floor(estimate.lowMs / sizeMs));
  const high = Math.ceil(estimate.highMs / sizeMs);
  return { about: `About ${middle} ${word}${middle === 1 ? '' : 's'} left`, range: `${low} to ${high}` };
}

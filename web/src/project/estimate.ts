// How long a batch will still take, as a range, from the pace of the last intervals.
import type { Batch, BatchStory } from '@manyhands/contract';
import { nextTimeLeft, openCounts, type Sighting, type TimeLeft } from '@manyhands/contract/words';

export type Throughput = BatchStory['throughput'];

/** Eight of ten waits fall inside, if units arrive independently. */
const SPREAD = 1.28;
const SPREAD_MAXIMUM = 0.6;

export type Estimate = { readonly lowMs: number; readonly middleMs: number; readonly highMs: number };

/** Null while too little is known. */
export function estimateOf({ leftMs, basis }: Pick<TimeLeft, 'leftMs' | 'basis'>): Estimate | null {
  if (leftMs === null) return null;
  const spread = Math.min(SPREAD_MAXIMUM, SPREAD / Math.sqrt(Math.max(1, basis)));
  return { lowMs: leftMs / (1 + spread), middleMs: leftMs, highMs: leftMs / (1 - spread) };
}

/** What is remembered of a batch after another look at it; at the first one its whole story counts. */
export function watch(before: TimeLeft | null, { counts }: Pick<Batch, 'counts'>, story: BatchStory): TimeLeft {
  const { accepted, failed, total } = counts;
  const now = { atMs: story.nowMs, done: accepted + failed, total: total - openCounts(counts).held };
  if (before && before.atMs >= now.atMs) return before;
  return nextTimeLeft(before ?? recall(story.throughput, now, failed), now);
}

/** The story knows accepted units only: those that failed count as done from its beginning. */
function recall({ points, intervalMs }: Throughput, now: Sighting, failed: number): TimeLeft | null {
  const first = points.findIndex(({ accepted }) => accepted > 0);
  if (first < 0) return null;
  const { total } = now;
  let done = failed;
  let memory = nextTimeLeft(null, { atMs: points[first]?.startMs ?? 0, done, total });
  for (const { startMs, accepted } of points.slice(first)) {
    done = Math.min(now.done, done + accepted);
    if (startMs + intervalMs < now.atMs) memory = nextTimeLeft(memory, { atMs: startMs + intervalMs, done, total });
  }
  return memory;
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

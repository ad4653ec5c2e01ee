// Counts over time in few intervals, which grow when the time does: the story of a batch in a row of bounded size.

export type Histogram = {
  /** A multiple of the interval. */
  readonly firstMs: number;
  readonly intervalMs: number;
  /** Intervals that have any, ascending. */
  readonly counts: readonly (readonly [interval: number, count: number])[];
};

export const INTERVALS_MAXIMUM = 60;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** Each is a multiple of the one before, and a time that people name; beyond a day they double. */
const INTERVALS_MS = [
  ...[1, 2, 10, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 10, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 6, 12, 24].map((hours) => hours * HOUR_MS),
];

/** Counts more at a time, which may lie before the first when a clock was set back: then it counts as the first. */
export function countAt(histogram: Histogram | undefined, atMs: number, count: number): Histogram {
  const [intervalMs = SECOND_MS] = INTERVALS_MS;
  const before = histogram ?? { firstMs: atMs - (atMs % intervalMs), intervalMs, counts: [] };
  const fitting = fit(before, atMs);
  const at = Math.max(0, Math.floor((atMs - fitting.firstMs) / fitting.intervalMs));
  return { ...fitting, counts: merge([...fitting.counts, [at, count]]) };
}

/** Every interval from the first to the one that holds `untilMs`, at most 60, empty ones too. */
export function pointsUntil(
  histogram: Histogram,
  untilMs: number,
): { intervalMs: number; points: { startMs: number; accepted: number }[] } {
  const { firstMs, intervalMs, counts } = fit(histogram, untilMs);
  const known = new Map(counts);
  const last = Math.max(counts.at(-1)?.[0] ?? 0, Math.floor((untilMs - firstMs) / intervalMs));
  const points = Array.from({ length: last + 1 }, (_, at) => ({
    startMs: firstMs + at * intervalMs,
    accepted: known.get(at) ?? 0,
  }));
  return { intervalMs, points };
}

/** Makes the intervals longer until the time is within. */
function fit(histogram: Histogram, atMs: number): Histogram {
  let fitting = histogram;
  while (Math.floor((atMs - fitting.firstMs) / fitting.intervalMs) >= INTERVALS_MAXIMUM) fitting = coarsen(fitting);
  return fitting;
}

function coarsen({ firstMs, intervalMs, counts }: Histogram): Histogram {
  const longerMs = INTERVALS_MS.find((candidateMs) => candidateMs > intervalMs) ?? 2 * intervalMs;
  const first = firstMs - (firstMs % longerMs);
  const moved = counts.map(
    ([at, count]) => [Math.floor((firstMs + at * intervalMs - first) / longerMs), count] as const,
  );
  return { firstMs: first, intervalMs: longerMs, counts: merge(moved) };
}

function merge(counts: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const sums = new Map<number, number>();
  for (const [at, count] of counts) sums.set(at, (sums.get(at) ?? 0) + count);
  return [...sums].sort(([left], [right]) => left - right);
}

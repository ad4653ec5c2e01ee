// How long a batch will still take, as commands and pages say it: unknown until enough is done, and then no promise that is taken back: it rises by
// no more than the time that passed.

/** A batch at one moment. */
export type Sighting = {
  readonly atMs: number;
  /** Units that came to their end. */
  readonly done: number;
  /** All units that will come to one: those that are held left out. */
  readonly total: number;
};

/** What somebody who watches a batch remembers of it. */
export type TimeLeft = {
  readonly atMs: number;
  /** null: unknown. */
  readonly leftMs: number | null;
  /** Units that the pace was taken from. */
  readonly basis: number;
  /** Oldest first, thinned out. */
  readonly seen: readonly Sighting[];
};

const SIGHTINGS_MAXIMUM = 60;
/** Fewer say nothing of the pace, unless the batch is small. */
const DONE_MINIMUM = 10;
const SHARE_MINIMUM = 0.1;

/** The next estimate of an observer; `before` is null at its first sight. */
export function nextTimeLeft(before: TimeLeft | null, now: Sighting): TimeLeft {
  const { atMs, done, total } = now;
  const last = before?.seen.at(-1);
  // Units that were opened again are new work.
  const known = last && done >= last.done && atMs >= last.atMs ? before : null;
  const seen = thin([...(known?.seen ?? []), now]);
  if (done >= total) return { atMs, leftMs: 0, basis: done, seen };
  const pace = paceOf(seen, now);
  if (!pace) return { atMs, leftMs: known?.leftMs ?? null, basis: 0, seen };
  const rawMs = Math.round((total - done) * pace.unitMs);
  const boundMs = known && known.leftMs !== null ? known.leftMs + atMs - known.atMs : Number.POSITIVE_INFINITY;
  return { atMs, leftMs: Math.min(rawMs, boundMs), basis: pace.basis, seen };
}

/** From the later half of what was done while somebody looked: hosts come and go. */
function paceOf(seen: readonly Sighting[], now: Sighting): { unitMs: number; basis: number } | undefined {
  const [first] = seen;
  const enough = Math.max(1, Math.min(DONE_MINIMUM, SHARE_MINIMUM * now.total));
  if (!first || now.done - first.done < enough) return undefined;
  const middle = seen.findLast(({ done }) => done <= (first.done + now.done) / 2 && now.done - done >= enough);
  const { atMs, done } = middle ?? first;
  return now.atMs > atMs ? { unitMs: (now.atMs - atMs) / (now.done - done), basis: now.done - done } : undefined;
}

/** Every second one goes when there are too many: the first and the last stay. */
function thin(seen: readonly Sighting[]): readonly Sighting[] {
  if (seen.length <= SIGHTINGS_MAXIMUM) return seen;
  return seen.filter((_, at) => at % 2 === 0 || at === seen.length - 1);
}

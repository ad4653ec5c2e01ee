// Lays out the tally field: how many units one stroke stands for, and which state each stroke shows.
import type { UnitCounts } from '@manyhands/contract';
import { ENDING_WORDS, endedCounts, openCounts } from '@manyhands/contract/words';

/** In the order in which the field shows them. What failed is told apart from what was only ended. */
export const STATE_ORDER = [
  ...(['accepted', 'failed', 'cancelled', 'expired', 'stopped'] as const),
  ...(['checking', 'running', 'held', 'waiting'] as const),
];
export type StrokeState = (typeof STATE_ORDER)[number];

export const STATE_WORDS: Readonly<Record<StrokeState, string>> = {
  accepted: 'accepted',
  ...ENDING_WORDS,
  checking: 'being checked',
  running: 'running now',
  held: 'held',
  waiting: 'waiting',
};

/** Always listed, even when none is left: the others only where there are any. */
const ALWAYS_LISTED: ReadonlySet<StrokeState> = new Set(['accepted']);

export type StateCounts = Readonly<Record<StrokeState, number>>;

export function stateCountsOf(counts: UnitCounts): StateCounts {
  const { accepted, checking, running } = counts;
  return { accepted, checking, running, ...openCounts(counts), ...endedCounts(counts) };
}

/** The states that there are, in order. */
export function listStates(counts: StateCounts): StrokeState[] {
  return STATE_ORDER.filter((state) => counts[state] > 0 || ALWAYS_LISTED.has(state));
}

export type TallyLayout = {
  readonly unitsPerStroke: number;
  /** Strokes in groups of five, the fifth across. */
  readonly groups: readonly (readonly StrokeState[])[];
};

/** The smallest of 1, 2, 5, 10, 20, 50, ... with which the strokes fit. */
export function unitsPerStroke(unitCount: number, strokeMaximum: number): number {
  let size = 1;
  for (let step = 0; Math.ceil(unitCount / size) > strokeMaximum; step += 1) size *= step % 3 === 1 ? 2.5 : 2;
  return size;
}

/** A state that has any unit has at least one stroke, so that a single failure is seen among thousands. */
export function layOutTally(unitCounts: UnitCounts, strokeMaximum: number): TallyLayout {
  const size = unitsPerStroke(unitCounts.total, strokeMaximum);
  const counts = stateCountsOf(unitCounts);
  const strokes: StrokeState[] = STATE_ORDER.flatMap((state) =>
    Array.from({ length: counts[state] === 0 ? 0 : Math.max(1, Math.round(counts[state] / size)) }, () => state),
  );
  const groups: StrokeState[][] = [];
  for (let index = 0; index < strokes.length; index += 5) groups.push(strokes.slice(index, index + 5));
  return { unitsPerStroke: size, groups };
}

// Joins segments that overlapping windows cut apart, for reading. The exact reduction is the project's own program.
import { formatShareFixed } from '../format/numbers.js';
import { countTail } from './runs.js';
import type { Segment } from './segments.js';

/** Several segments on one line of the picture. */
export type Stretch = Segment & {
  /** Segments that were joined. */
  readonly pieceCount: number;
};

/** How far two overlapping pieces may lie apart on the y axis: short gaps inside the overlap shift it by as much. */
const OFFSET_TOLERANCE = 50;

/** Longest first. */
export function joinSegments(segments: readonly Segment[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const segment of [...segments].sort(byPlace)) {
    const at = stretches.findIndex((stretch) => continues(stretch, segment));
    const before = stretches[at];
    if (before) stretches[at] = join(before, segment);
    else stretches.push({ ...segment, pieceCount: 1 });
  }
  return stretches
    .filter((stretch) => !stretches.some((other) => covers(other, stretch)))
    .sort((left, right) => lengthOf(right) - lengthOf(left) || byPlace(left, right));
}

/** Share of columns with equal letters, as text; "~" where overlapping pieces were joined. */
export function identityInWords({ matchCount, columnCount, pieceCount }: Stretch): string {
  const share = formatShareFixed(matchCount / columnCount);
  return pieceCount === 1 ? share : `~\u202F${share}`;
}

/** Extent on the x axis, both ends included. */
export function lengthOf(segment: Pick<Segment, 'xStart' | 'xEnd'>): number {
  return segment.xEnd - segment.xStart + 1;
}

/** A better stretch in the same place makes another superfluous. */
function covers(other: Stretch, stretch: Stretch): boolean {
  return (
    other.strand === stretch.strand &&
    other.score > stretch.score &&
    other.xStart <= stretch.xStart &&
    stretch.xEnd <= other.xEnd
  );
}

function byPlace(left: Segment, right: Segment): number {
  return left.xStart - right.xStart || right.xEnd - left.xEnd || left.yStart - right.yStart;
}

function continues(stretch: Stretch, segment: Segment): boolean {
  if (stretch.strand !== segment.strand || segment.xStart > stretch.xEnd) return false;
  const isContained = segment.xEnd <= stretch.xEnd;
  // Compared at the end that both share: at the stretch's end, or at the start of a segment that lies within it.
  const offset = isContained
    ? yAt(segment, segment.xStart) - along(stretch, segment.xStart)
    : yAt(segment, stretch.xEnd) - yAt(stretch, stretch.xEnd);
  return Math.abs(offset) <= OFFSET_TOLERANCE;
}

/** Height of the segment's line at x, counted from its own start. */
function yAt(segment: Segment, x: number): number {
  const gone = x - segment.xStart;
  if (x === segment.xEnd) return segment.strand === '+' ? segment.yEnd : segment.yStart;
  return segment.strand === '+' ? segment.yStart + gone : segment.yEnd - gone;
}

/** Height of a long line at x by proportion, since its gaps may have added up. */
function along(stretch: Stretch, x: number): number {
  const share = (x - stretch.xStart) / Math.max(1, stretch.xEnd - stretch.xStart);
  const rise = (stretch.yEnd - stretch.yStart) * share;
  return stretch.strand === '+' ? stretch.yStart + rise : stretch.yEnd - rise;
}

function join(left: Stretch, right: Segment): Stretch {
  // Only the part that reaches beyond what is there already adds columns; without the alignment, its share is taken as even.
  const addedLength = Math.max(0, right.xEnd - left.xEnd);
  const addedShare = addedLength / lengthOf(right);
  const added = right.runs
    ? countTail(right.runs, addedLength)
    : {
        matchCount: Math.round(right.matchCount * addedShare),
        columnCount: Math.round(right.columnCount * addedShare),
      };
  return {
    xStart: left.xStart,
    xEnd: Math.max(left.xEnd, right.xEnd),
    yStart: Math.min(left.yStart, right.yStart),
    yEnd: Math.max(left.yEnd, right.yEnd),
    strand: left.strand,
    score: left.score + Math.round(right.score * addedShare),
    matchCount: left.matchCount + added.matchCount,
    columnCount: left.columnCount + added.columnCount,
    runs: null,
    pieceCount: left.pieceCount + 1,
  };
}

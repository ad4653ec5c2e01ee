// Which parts of the x axis have not been compared yet: those are hatched, for blank means "compared, nothing found".
import type { ComparedWindow } from './segments.js';

export type Interval = { readonly start: number; readonly end: number };
/** `none`: not compared at all; `half`: in one direction only. */
export type Uncovered = Interval & { readonly level: 'none' | 'half' };

/** Parts of the axis that lack one or both directions, in order. */
export function findUncovered(axis: Interval, windows: readonly ComparedWindow[]): Uncovered[] {
  const forward = missing(
    axis,
    windows.filter(({ strand }) => strand === '+'),
  );
  const backward = missing(
    axis,
    windows.filter(({ strand }) => strand === '-'),
  );
  const cuts = [...forward, ...backward].flatMap(({ start, end }) => [start, end + 1]);
  const edges = [...new Set(cuts)].sort((left, right) => left - right);
  const parts: Uncovered[] = [];
  edges.slice(0, -1).forEach((start, index) => {
    const end = (edges[index + 1] ?? start) - 1;
    const lackCount = Number(holds(forward, start)) + Number(holds(backward, start));
    if (lackCount === 0) return;
    const level = lackCount === 2 ? 'none' : 'half';
    const last = parts.at(-1);
    if (last && last.level === level && last.end === start - 1) parts[parts.length - 1] = { ...last, end };
    else parts.push({ start, end, level });
  });
  return parts;
}

/** Share of the axis compared in both directions, 0 to 1. */
export function comparedShare(axis: Interval, uncovered: readonly Uncovered[]): number {
  const open = uncovered.reduce(
    (sum, part) => sum + (part.end - part.start + 1) * (part.level === 'none' ? 1 : 0.5),
    0,
  );
  return 1 - open / (axis.end - axis.start + 1);
}

function holds(intervals: readonly Interval[], place: number): boolean {
  return intervals.some(({ start, end }) => start <= place && place <= end);
}

/** The gaps that sorted windows leave in the axis. */
function missing(axis: Interval, windows: readonly Interval[]): Interval[] {
  const gaps: Interval[] = [];
  let next = axis.start;
  for (const { start, end } of [...windows].sort((left, right) => left.start - right.start)) {
    if (start > next) gaps.push({ start: next, end: Math.min(start - 1, axis.end) });
    next = Math.max(next, end + 1);
    if (next > axis.end) break;
  }
  if (next <= axis.end) gaps.push({ start: next, end: axis.end });
  return gaps;
}

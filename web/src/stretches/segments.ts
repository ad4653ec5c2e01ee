// Reads what a unit printed into segments of the dot plot. Lines that are no segment are passed over: stdout is the program's own.
import type { Presentation } from '@manyhands/contract';
import { parseRuns, type Run } from './runs.js';

/** A stretch that is alike on both axes. `xStart <= xEnd` and `yStart <= yEnd`; on strand `-` the line falls. */
export type Segment = {
  readonly xStart: number;
  readonly xEnd: number;
  readonly yStart: number;
  readonly yEnd: number;
  readonly strand: '+' | '-';
  readonly score: number;
  /** Columns of the alignment with equal letters. */
  readonly matchCount: number;
  /** All columns of the alignment, at least 1. */
  readonly columnCount: number;
  /** The alignment itself, if the program prints it after the named columns. */
  readonly runs: readonly Run[] | null;
};

/** A piece of the x axis that one unit has compared, in one direction. */
export type ComparedWindow = { readonly start: number; readonly end: number; readonly strand: '+' | '-' };

export type ParsedStdout = { readonly segments: Segment[]; readonly window: ComparedWindow | null };

/** `#<name>/<version>`, strand, first and last place: what a unit says about the part it compared. */
const WINDOW_HEADER = /^#[a-z][a-z0-9-]*\/\d+\t([+-])\t(\d+)\t(\d+)(?:\t|$)/;

/** `text` may be cut off; a line that is cut inside a field is left out. */
export function parseStdout(text: string, presentation: Presentation): ParsedStdout {
  const lines = text.split('\n');
  const cutFields = (lines.pop() ?? '').split('\t');
  const rows = lines.map((line) => line.split('\t'));
  // Of a line without its end, only fields that are followed by another are whole.
  if (cutFields.length > 1 + Math.max(...Object.values(presentation.columns))) rows.push(cutFields);
  return {
    segments: rows.flatMap((fields) => toSegment(fields, presentation) ?? []),
    window: toWindow(lines[0] ?? '', presentation),
  };
}

function toWindow(header: string, { x }: Presentation): ComparedWindow | null {
  const [, strand, from, to] = WINDOW_HEADER.exec(header) ?? [];
  const start = Number(from);
  const end = Number(to);
  if (!strand || !(x.start <= start && start <= end && end <= x.end)) return null;
  return { start, end, strand: strand === '-' ? '-' : '+' };
}

function toSegment(fields: readonly string[], { columns }: Presentation): Segment | null {
  if (fields[0]?.startsWith('#')) return null;
  const numberIn = (column: number) => (/^\d+$/.test(fields[column] ?? '') ? Number(fields[column]) : Number.NaN);
  const strand = fields[columns.strand];
  const segment = {
    xStart: numberIn(columns.xStart),
    xEnd: numberIn(columns.xEnd),
    yStart: numberIn(columns.yStart),
    yEnd: numberIn(columns.yEnd),
    score: numberIn(columns.score),
    matchCount: numberIn(columns.matchCount),
    columnCount: numberIn(columns.columnCount),
  };
  const isWhole = Object.values(segment).every((value) => Number.isSafeInteger(value));
  if (!isWhole || (strand !== '+' && strand !== '-')) return null;
  const isOrdered = segment.xStart <= segment.xEnd && segment.yStart <= segment.yEnd;
  if (!isOrdered || segment.columnCount === 0 || segment.matchCount > segment.columnCount) return null;
  return { ...segment, strand, runs: parseRuns(fields.at(-1) ?? '', segment.xEnd - segment.xStart + 1) };
}

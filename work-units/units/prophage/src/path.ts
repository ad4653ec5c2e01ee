// Arithmetic on alignment paths: their text, their extent and score, columns that two share, and cutting at such a column.
import type { Hit, PathRun } from './types.js';

const MATCH_SCORE = 2;
const MISMATCH_SCORE = -3;
const GAP_FIRST_SCORE = -7;
const GAP_NEXT_SCORE = -2;

/** The path written as run lengths, for example `31=1X4I20=`; undefined when the text is no such path. */
export function parsePath(text: string): PathRun[] | undefined {
  if (!/^([1-9]\d{0,8}[=XID])+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)(.)/g)].map(([, count, operation]) => ({
    operation: operation as PathRun['operation'],
    columnCount: Number(count),
  }));
}

/** What a path covers and is worth. */
export interface PathTotals {
  readonly phageBases: number;
  readonly genomeBases: number;
  readonly score: number;
  readonly matchCount: number;
  readonly columnCount: number;
}

export function totalsOf(path: readonly PathRun[]): PathTotals {
  const count = (operations: string) =>
    path.reduce((sum, run) => sum + (operations.includes(run.operation) ? run.columnCount : 0), 0);
  return {
    phageBases: count('=XI'),
    genomeBases: count('=XD'),
    score: path.reduce((sum, run) => sum + scoreOf(run), 0),
    matchCount: count('='),
    columnCount: count('=XID'),
  };
}

function scoreOf({ operation, columnCount }: PathRun): number {
  if (operation === '=') return MATCH_SCORE * columnCount;
  if (operation === 'X') return MISMATCH_SCORE * columnCount;
  return GAP_FIRST_SCORE + GAP_NEXT_SCORE * (columnCount - 1);
}

/** A gap-free part of an alignment: on its diagonal, from one genome position to another. */
interface Block {
  readonly diagonal: number;
  readonly start: number;
  readonly end: number;
}

function blocksOf(hit: Hit): Block[] {
  const step = hit.strand === '+' ? 1 : -1;
  let phage = step > 0 ? hit.phageStart : hit.phageEnd;
  let genome = hit.genomeStart;
  const blocks: Block[] = [];
  for (const { operation, columnCount } of hit.path) {
    const isAligned = operation === '=' || operation === 'X';
    if (isAligned) {
      blocks.push({ diagonal: genome - step * phage, start: genome, end: genome + columnCount - 1 });
    }
    if (operation !== 'D') phage += step * columnCount;
    if (operation !== 'I') genome += columnCount;
  }
  return blocks;
}

/** The first genome position that both hits align to the same position of lambda, or undefined. */
export function firstSharedPosition(left: Hit, right: Hit): number | undefined {
  if (left.strand !== right.strand || left.genomeEnd < right.genomeStart || right.genomeEnd < left.genomeStart) {
    return undefined;
  }
  const others = blocksOf(right);
  const shared = blocksOf(left).flatMap((block) =>
    others
      .filter((other) => other.diagonal === block.diagonal && other.start <= block.end && block.start <= other.end)
      .map((other) => Math.max(block.start, other.start)),
  );
  return shared.length === 0 ? undefined : Math.min(...shared);
}

/** The hit's path up to, and from after, a genome position that lies in one of its aligned columns. */
export function cutPath(hit: Hit, genomePosition: number): [before: PathRun[], after: PathRun[]] {
  const before: PathRun[] = [];
  const after: PathRun[] = [];
  let genome = hit.genomeStart;
  for (const { operation, columnCount } of hit.path) {
    const isAhead = genome > genomePosition;
    const advance = operation === 'I' ? 0 : columnCount;
    const kept = isAhead ? 0 : advance === 0 ? columnCount : Math.min(columnCount, genomePosition - genome + 1);
    if (kept > 0) before.push({ operation, columnCount: kept });
    if (kept < columnCount) after.push({ operation, columnCount: columnCount - kept });
    genome += advance;
  }
  return [before, after];
}

/** Joins two paths; equal operations at the seam become one run. */
export function joinPaths(left: readonly PathRun[], right: readonly PathRun[]): PathRun[] {
  const last = left.at(-1);
  const first = right[0];
  if (last === undefined || first === undefined || last.operation !== first.operation) return [...left, ...right];
  const seam = { operation: last.operation, columnCount: last.columnCount + first.columnCount };
  return [...left.slice(0, -1), seam, ...right.slice(1)];
}

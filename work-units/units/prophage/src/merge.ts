// The reducer: joins hits that overlapping windows cut or found twice, drops what a better stretch covers, sorts.
import { cutPath, firstSharedPosition, joinPaths, totalsOf } from './path.js';
import type { Hit, Stretch, WindowHits } from './types.js';

/**
 * Merges the hits of any number of units, in any order, into the stretches of lambda in the genome, sorted by place in the
 * genome. Depends on the set of hits only: duplicates and order change nothing.
 */
export function mergeHits(windows: readonly WindowHits[]): Stretch[] {
  const hits = windows.flatMap((window) => window.hits).sort(compareHits);
  const joined: Hit[] = [];
  for (const hit of hits) addHit(joined, hit);
  return joined
    .filter((hit) => !joined.some((other) => covers(other, hit)))
    .sort(compareHits)
    .map(stretchOf);
}

/** Adds a hit to a list without shared columns, joining it with every member that it shares one with. */
function addHit(joined: Hit[], hit: Hit): void {
  let current = hit;
  for (;;) {
    const index = joined.findIndex((other) => firstSharedPosition(other, current) !== undefined);
    const [other] = index < 0 ? [] : joined.splice(index, 1);
    if (other === undefined) break;
    current = joinHits(other, current);
  }
  joined.push(current);
}

/** The earlier hit up to the first shared column, then the later one; all of the earlier one when it ends no sooner. */
function joinHits(left: Hit, right: Hit): Hit {
  const [first, second] = compareHits(left, right) <= 0 ? [left, right] : [right, left];
  const position = firstSharedPosition(first, second);
  if (position === undefined || second.genomeEnd <= first.genomeEnd) return first;
  const [before] = cutPath(first, position);
  const [, after] = cutPath(second, position);
  const path = joinPaths(before, after);
  const isPlus = first.strand === '+';
  return {
    phageStart: isPlus ? first.phageStart : second.phageStart,
    phageEnd: isPlus ? second.phageEnd : first.phageEnd,
    genomeStart: first.genomeStart,
    genomeEnd: second.genomeEnd,
    strand: first.strand,
    score: totalsOf(path).score,
    path,
  };
}

/** True when `other` makes `hit` superfluous: same strand, its genome interval contains the hit's, and its score is higher. */
function covers(other: Hit, hit: Hit): boolean {
  return (
    other.strand === hit.strand &&
    other.score > hit.score &&
    other.genomeStart <= hit.genomeStart &&
    hit.genomeEnd <= other.genomeEnd
  );
}

/** By place in the genome (at one start the longer first), then strand (+ first), then place in lambda, then path. */
function compareHits(left: Hit, right: Hit): number {
  return (
    left.genomeStart - right.genomeStart ||
    right.genomeEnd - left.genomeEnd ||
    (left.strand === right.strand ? 0 : left.strand === '+' ? -1 : 1) ||
    left.phageStart - right.phageStart ||
    right.phageEnd - left.phageEnd ||
    comparePaths(left, right)
  );
}

function comparePaths(left: Hit, right: Hit): number {
  const [leftText, rightText] = [left, right].map(({ path }) =>
    path.map((run) => `${run.columnCount}${run.operation}`).join(''),
  ) as [string, string];
  return leftText < rightText ? -1 : leftText > rightText ? 1 : 0;
}

function stretchOf(hit: Hit): Stretch {
  const { phageStart, phageEnd, genomeStart, genomeEnd, strand, score, path } = hit;
  const { matchCount, columnCount } = totalsOf(path);
  const identity = Math.round((matchCount / columnCount) * 10_000) / 10_000;
  return { phageStart, phageEnd, genomeStart, genomeEnd, strand, score, matchCount, columnCount, identity };
}

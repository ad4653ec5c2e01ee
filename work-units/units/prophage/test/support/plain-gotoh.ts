// The specification written down plainly: whole matrices, one cell at a time, nothing shared with the unit or the library.
// biome-ignore-all lint/style/noNonNullAssertion: typed arrays read within their bounds, where a check a cell would cost minutes.

export interface PlainInput {
  /** The phage's letters as its record gives them. */
  readonly phage: string;
  readonly window: string;
  readonly strand: '+' | '-';
  readonly windowStart: number;
  readonly threshold?: number;
}

interface Place {
  readonly score: number;
  /** Positions from 1. */
  readonly phage: number;
  readonly window: number;
}

const IMPOSSIBLE = -1_000_000_000;

/** The bytes that SPEC.md demands on stdout. */
export function plainOutput({ phage, window, strand, windowStart, threshold = 60 }: PlainInput): string {
  const letters = strand === '+' ? phage.toUpperCase() : complementOf(phage.toUpperCase());
  const genome = window.toUpperCase();
  const masked = new Uint8Array(genome.length + 1);
  const lines = [`#prophage-hits/1\t${strand}\t${windowStart}\t${windowStart + genome.length - 1}\t${threshold}`];
  while (lines.length <= 8) {
    const end = findEnd(letters, genome, masked);
    if (end.score < threshold) break;
    const start = findStart(letters, genome, masked, end);
    const columns = findPath(letters.slice(start.phage - 1, end.phage), genome.slice(start.window - 1, end.window));
    masked.fill(1, start.window, end.window + 1);
    const [low, high] =
      strand === '+' ? [start.phage, end.phage] : [phage.length + 1 - end.phage, phage.length + 1 - start.phage];
    const [from, to] = [start.window + windowStart - 1, end.window + windowStart - 1];
    const equals = columns.split('=').length - 1;
    const path = columns.replace(/(.)\1*/g, (run) => `${run.length}${run[0]}`);
    lines.push([low, high, from, to, strand, end.score, equals, columns.length, path].join('\t'));
  }
  return `${lines.join('\n')}\n`;
}

function complementOf(letters: string): string {
  const partners: Record<string, string> = { A: 'T', C: 'G', G: 'C', T: 'A' };
  return [...letters]
    .reverse()
    .map((letter) => partners[letter] ?? letter)
    .join('');
}

function pairScore(left: string | undefined, right: string | undefined): number {
  return left === right && left !== undefined && 'ACGT'.includes(left) ? 2 : -3;
}

/** Rows of pair scores, by phage letter: index 1 is the window's first letter. */
function pairScoresOf(genome: string): Map<string, Int32Array> {
  const rows = new Map<string, Int32Array>();
  for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
    rows.set(letter, Int32Array.from([0, ...[...genome].map((other) => pairScore(letter, other))]));
  }
  return rows;
}

/** The greater of two small whole numbers without a branch, which would be guessed wrongly in most cells. */
function greater(left: number, right: number): number {
  const difference = (left - right) | 0;
  return (left - (difference & (difference >> 31))) | 0;
}

/** The highest score with its first phage position, and in that row its first window position. */
function findEnd(letters: string, genome: string, masked: Uint8Array): Place {
  const pairs = pairScoresOf(genome);
  const scores = new Int32Array(genome.length + 1);
  const insertions = new Int32Array(genome.length + 1).fill(IMPOSSIBLE);
  let [bestScore, bestPhage, bestWindow] = [0, 0, 0];
  for (let i = 1; i <= letters.length; i++) {
    const row = pairs.get(letters[i - 1] ?? '') as Int32Array;
    let diagonal = 0;
    let deletion = IMPOSSIBLE;
    for (let j = 1; j <= genome.length; j++) {
      const above = scores[j]!;
      const insertion = greater(above - 7, insertions[j]! - 2);
      const other = greater(greater(0, diagonal + row[j]!), insertion);
      let score = greater(other, deletion);
      insertions[j] = insertion;
      // A deletion opened right after a deletion costs more than going on with it, so that only \`other\` can open one.
      deletion = greater(other - 7, deletion - 2);
      if (masked[j] === 1) {
        score = 0;
        insertions[j] = IMPOSSIBLE;
        deletion = IMPOSSIBLE;
      }
      if (score > bestScore) [bestScore, bestPhage, bestWindow] = [score, i, j];
      diagonal = above;
      scores[j] = score;
    }
  }
  return { score: bestScore, phage: bestPhage, window: bestWindow };
}

/** A score together with where its alignment starts, as one number whose order is score, then phage, then window position. */
const SCORE_UNIT = 1e9;
const PHAGE_UNIT = 20_000;

/**
 * The latest start of an alignment of the best score with this end: every value carries its latest start along. An alignment
 * of positive score has fewer phage letters than two windows, so earlier rows cannot matter.
 */
function findStart(letters: string, genome: string, masked: Uint8Array, end: Place): Place {
  const pairs = pairScoresOf(genome);
  const values = new Float64Array(end.window + 1);
  const insertions = new Float64Array(end.window + 1).fill(IMPOSSIBLE * SCORE_UNIT);
  for (let i = Math.max(1, end.phage - 2 * genome.length); i <= end.phage; i++) {
    const row = pairs.get(letters[i - 1] ?? '') as Int32Array;
    let diagonal = 0;
    let left = 0;
    let deletion = IMPOSSIBLE * SCORE_UNIT;
    for (let j = 1; j <= end.window; j++) {
      const above = values[j]!;
      let value = 0;
      if (masked[j] === 1) {
        insertions[j] = IMPOSSIBLE * SCORE_UNIT;
        deletion = IMPOSSIBLE * SCORE_UNIT;
      } else {
        const insertion = Math.max(above - 7 * SCORE_UNIT, insertions[j]! - 2 * SCORE_UNIT);
        deletion = Math.max(left - 7 * SCORE_UNIT, deletion - 2 * SCORE_UNIT);
        const before = diagonal === 0 ? i * PHAGE_UNIT + j : diagonal;
        value = Math.max(before + row[j]! * SCORE_UNIT, insertion, deletion);
        if (value < SCORE_UNIT) value = 0;
        insertions[j] = insertion;
      }
      diagonal = above;
      values[j] = value;
      left = value;
    }
  }
  const value = values[end.window]!;
  const start = value % SCORE_UNIT;
  return { score: Math.floor(value / SCORE_UNIT), phage: Math.floor(start / PHAGE_UNIT), window: start % PHAGE_UNIT };
}

/** The whole matrices of two sequences that are aligned from end to end; cell (i, j) lies at i * width + j. */
function wholeMatrices(letters: string, genome: string) {
  const width = genome.length + 1;
  const size = (letters.length + 1) * width;
  const scores = new Int32Array(size).fill(IMPOSSIBLE);
  const insertions = new Int32Array(size).fill(IMPOSSIBLE);
  const deletions = new Int32Array(size).fill(IMPOSSIBLE);
  const pairs = pairScoresOf(genome);
  for (let i = 0; i <= letters.length; i++) {
    const row = pairs.get(letters[i - 1] ?? 'A') as Int32Array;
    for (let j = 0; j < width; j++) {
      const at = i * width + j;
      const insertion = i > 0 ? Math.max(scores[at - width]! - 7, insertions[at - width]! - 2) : IMPOSSIBLE;
      const deletion = j > 0 ? Math.max(scores[at - 1]! - 7, deletions[at - 1]! - 2) : IMPOSSIBLE;
      const pair = i > 0 && j > 0 ? scores[at - width - 1]! + row[j]! : IMPOSSIBLE;
      scores[at] = at === 0 ? 0 : Math.max(pair, insertion, deletion);
      insertions[at] = insertion;
      deletions[at] = deletion;
    }
  }
  return { width, scores, insertions, deletions };
}

/** The columns of the best alignment of two whole sequences, one character a column. */
function findPath(letters: string, genome: string): string {
  const { width, scores, insertions, deletions } = wholeMatrices(letters, genome);
  const columns: string[] = [];
  let state: 'pair' | 'I' | 'D' = 'pair';
  let at = scores.length - 1;
  while (at > 0) {
    const [i, j] = [Math.floor(at / width), at % width];
    if (state === 'pair') {
      const paired = pairScore(letters[i - 1], genome[j - 1]);
      if (i > 0 && j > 0 && scores[at] === scores[at - width - 1]! + paired) {
        columns.push(paired > 0 ? '=' : 'X');
        at -= width + 1;
      } else state = scores[at] === insertions[at] ? 'I' : 'D';
    } else {
      const before = state === 'I' ? at - width : at - 1;
      const isFirst = (state === 'I' ? insertions : deletions)[at] === scores[before]! - 7;
      columns.push(state);
      if (isFirst) state = 'pair';
      at = before;
    }
  }
  return columns.reverse().join('');
}

// The shapes that the library's functions exchange. All positions count from 1 and intervals include both ends.

/** `+`: lambda as its record gives it. `-`: its reverse complement. */
export type Strand = '+' | '-';

/** A part of the genome record. */
export interface Region {
  readonly start: number;
  readonly end: number;
}

/** A run of equal columns of an alignment: `=` equal letters, `X` different ones, `I` lambda only, `D` genome only. */
export interface PathRun {
  readonly operation: '=' | 'X' | 'I' | 'D';
  readonly columnCount: number;
}

/** One alignment that a unit found. Its path runs in the order of the genome; on `-` lambda's positions fall along it. */
export interface Hit {
  readonly phageStart: number;
  readonly phageEnd: number;
  readonly genomeStart: number;
  readonly genomeEnd: number;
  readonly strand: Strand;
  readonly score: number;
  readonly path: readonly PathRun[];
}

/** What one unit printed: the window it searched, and its hits in the order found (never rising score). */
export interface WindowHits {
  readonly strand: Strand;
  readonly window: Region;
  readonly threshold: number;
  readonly hits: readonly Hit[];
}

/** A stretch of lambda in the genome, after hits of overlapping windows were merged. */
export interface Stretch {
  readonly phageStart: number;
  readonly phageEnd: number;
  readonly genomeStart: number;
  readonly genomeEnd: number;
  readonly strand: Strand;
  readonly score: number;
  /** Columns with equal letters. */
  readonly matchCount: number;
  /** Columns of the alignment, gaps included. */
  readonly columnCount: number;
  /** `matchCount / columnCount`, rounded to four decimals. */
  readonly identity: number;
}

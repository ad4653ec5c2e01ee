// Parses what the unit prints; see SPEC.md, "Output".
import { TransitError } from './errors.js';

/** The darkest box of a range of frequencies. */
export interface Box {
  /** Which trial of the range, from 0 on. */
  readonly trial: number;
  /** The bin of phase where the transit begins, and its length in bins. */
  readonly start: number;
  readonly width: number;
  /** How many points lie in the transit. */
  readonly points: number;
  /** In parts per billion, rounded down. */
  readonly depth: number;
}

export interface Range {
  /** Of the curve: how many points, and the time of the first in millionths of a day. */
  readonly points: number;
  readonly firstTime: number;
  /** The first trial frequency and the step to the next, in billionths of a cycle per day. */
  readonly first: number;
  readonly step: number;
  readonly bins: number;
  readonly shortest: number;
  readonly longest: number;
  /** The signal residue of each trial, in millionths of a part per billion, rounded down. */
  readonly residues: readonly number[];
  /** Undefined: at no frequency was a box darker than the rest. */
  readonly best: Box | undefined;
}

const HEADER = /^#transit\/1((?:\t\d{1,14}){8})$/;
const NUMBER = /^\d{1,16}$/;
const BEST = /^best((?:\t\d{1,10}){5})$/;

/**
 * Parses one unit's standard output.
 * @throws TransitError TRANSIT_OUTPUT_INVALID when it breaks the format or contradicts itself
 */
export function parseOutput(stdout: string): Range {
  const lines = stdout.split('\n');
  const fields = fieldsOf(HEADER, lines[0]);
  check(fields.length === 8, 'the header is missing');
  const [points, firstTime, first, step, count, bins, shortest, longest] = fields as [number, ...number[]] & {
    length: 8;
  };
  check(lines.length === (count ?? 0) + 3 && lines.at(-1) === '', 'lines are missing or too many');
  const residues = lines.slice(1, -2).map(parseResidue);
  const range = { points, firstTime, first, step, bins, shortest, longest, residues } as Omit<Range, 'best'>;
  return { ...range, best: parseBest(lines.at(-2) ?? '', range) };
}

function parseResidue(line: string): number {
  check(NUMBER.test(line) && Number.isSafeInteger(Number(line)), `no residue: ${JSON.stringify(line.slice(0, 80))}`);
  return Number(line);
}

function parseBest(
  line: string,
  { residues, bins, shortest, longest, points: all }: Omit<Range, 'best'>,
): Box | undefined {
  const highest = residues.reduce((left, right) => Math.max(left, right), 0);
  if (line === 'none') {
    check(highest === 0, 'a best box is missing');
    return undefined;
  }
  const [trial = -1, start = 0, width = 0, points = 0, depth = 0] = fieldsOf(BEST, line);
  check(residues[trial] === highest, 'the best trial is not the best');
  check(start < bins && width >= shortest && width <= longest && points < all, 'the best box is impossible');
  return { trial, start, width, points, depth };
}

function fieldsOf(pattern: RegExp, line: string | undefined): number[] {
  return (pattern.exec(line ?? '')?.[1] ?? '').split('\t').slice(1).map(Number);
}

function check(condition: boolean, message: string): void {
  if (!condition) throw new TransitError('TRANSIT_OUTPUT_INVALID', message);
}

// Parses what the unit prints; see SPEC.md, "Output".
import { LucasLehmerError } from './errors.js';

/** `open`: the test was told to end before its last iteration. */
export type Verdict = 'prime' | 'composite' | 'open';

/** The low 64 bits of S(iteration) modulo 2^p - 1. */
export interface Residue {
  readonly iteration: number;
  /** 16 upper-case hexadecimal digits, as GIMPS prints them. */
  readonly residue: string;
}

export interface TestResult extends Residue {
  readonly exponent: number;
  readonly verdict: Verdict;
  /** Residues on the way, in order. */
  readonly residues: readonly Residue[];
}

const HEADER = /^#lucas-lehmer\/1\t(\d{1,9})\t(\d{1,9})\t(\d{1,9})$/;
const RESIDUE = /^(\d{1,9})\t([\dA-F]{16})$/;
const VERDICT = /^M(\d{1,9})\t(prime|composite|open)\t([\dA-F]{16})$/;

/**
 * Parses one unit's standard output.
 * @throws LucasLehmerError LUCAS_LEHMER_OUTPUT_INVALID when it breaks the format or contradicts itself
 */
export function parseOutput(stdout: string): TestResult {
  const lines = stdout.split('\n');
  const [, exponent, interval, iterations] = matched(HEADER, lines[0]).map(Number) as [number, number, number, number];
  const [, tested, verdict, residue] = matched(VERDICT, lines.at(-2)) as [string, string, Verdict, string];
  const residues = lines.slice(1, -2).map(parseResidue);
  check(lines.at(-1) === '', 'the last line has no end');
  check(Number(tested) === exponent, 'the verdict is about another exponent than the header');
  check(iterations >= 1 && iterations <= exponent - 2, 'the number of iterations is impossible');
  check((verdict === 'open') === iterations < exponent - 2, 'the verdict does not fit the number of iterations');
  check(verdict !== 'prime' || /^0+$/.test(residue), 'the residue denies the verdict');
  check(
    residues.length === (interval === 0 ? 0 : Math.floor(iterations / interval)),
    'residues are missing or too many',
  );
  check(
    residues.every(({ iteration }, index) => iteration === (index + 1) * interval),
    'residues are out of order',
  );
  return { exponent, verdict, iteration: iterations, residue, residues };
}

function parseResidue(line: string): Residue {
  const [, iteration, residue] = matched(RESIDUE, line) as [string, string, string];
  return { iteration: Number(iteration), residue };
}

function matched(pattern: RegExp, line: string | undefined): string[] {
  const found = pattern.exec(line ?? '');
  if (found === null) throw invalid(`unexpected line ${JSON.stringify(line?.slice(0, 80))}`);
  return found;
}

function check(condition: boolean, message: string): void {
  if (!condition) throw invalid(message);
}

function invalid(message: string): LucasLehmerError {
  return new LucasLehmerError('LUCAS_LEHMER_OUTPUT_INVALID', message);
}

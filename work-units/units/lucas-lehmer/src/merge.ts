// The reducer: what a search of many exponents found.
import { LucasLehmerError } from './errors.js';
import type { TestResult } from './output.js';

export interface Search {
  /** The exponents of the Mersenne primes found, rising. */
  readonly primes: readonly number[];
  /** All complete tests, by rising exponent, each once. */
  readonly tests: readonly TestResult[];
  /** Exponents whose tests were told to end early, rising. */
  readonly open: readonly number[];
}

/**
 * Joins results in any order; equal exponents may come again, and a complete test outdoes an open one.
 * @throws LucasLehmerError LUCAS_LEHMER_CONFLICT when two results give one iteration of one exponent different residues
 */
export function mergeResults(results: readonly TestResult[]): Search {
  const known = new Map<string, string>();
  const best = new Map<number, TestResult>();
  for (const result of results) {
    for (const { iteration, residue } of [...result.residues, result]) {
      const point = `${result.exponent} ${iteration}`;
      if ((known.get(point) ?? residue) !== residue) throw conflict(result.exponent, iteration);
      known.set(point, residue);
    }
    const other = best.get(result.exponent);
    if (other === undefined || other.iteration < result.iteration) best.set(result.exponent, result);
  }
  const all = [...best.values()].sort((left, right) => left.exponent - right.exponent);
  const tests = all.filter(({ verdict }) => verdict !== 'open');
  return {
    primes: tests.filter(({ verdict }) => verdict === 'prime').map(({ exponent }) => exponent),
    tests,
    open: all.filter(({ verdict }) => verdict === 'open').map(({ exponent }) => exponent),
  };
}

function conflict(exponent: number, iteration: number): LucasLehmerError {
  return new LucasLehmerError(
    'LUCAS_LEHMER_CONFLICT',
    `two results differ in iteration ${iteration} of 2^${exponent} - 1: one of them is wrong`,
  );
}

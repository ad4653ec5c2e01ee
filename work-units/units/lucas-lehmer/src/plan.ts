// One unit for each odd prime exponent of a range.
import { LucasLehmerError } from './errors.js';

/** The unit refuses larger exponents. */
export const MAX_EXPONENT = 100_000_000;

/** What one unit gets. It reads no standard input. */
export interface PlannedUnit {
  /** Unique, sorts by exponent: `M000044497`. */
  readonly name: string;
  readonly exponent: number;
  /** The arguments after the program's name. */
  readonly args: readonly string[];
}

export interface PlanOptions {
  /** The first and the last exponent that may be planned, 3 to 100,000,000. */
  readonly from: number;
  readonly to: number;
  /** Print a residue every so many iterations; by default none but the last. Exponents below `interval + 2` get none either. */
  readonly interval?: number;
}

/**
 * Units for all odd prime exponents from `from` to `to`. When p is composite, so is 2^p - 1.
 * @throws LucasLehmerError LUCAS_LEHMER_PLAN_INVALID
 */
export function planUnits({ from, to, interval }: PlanOptions): PlannedUnit[] {
  const isRange = Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 3 && from <= to;
  if (!isRange || to > MAX_EXPONENT)
    throw invalid(`${from} to ${to} is no range of exponents from 3 to ${MAX_EXPONENT}`);
  if (interval !== undefined && (!Number.isSafeInteger(interval) || interval < 1)) {
    throw invalid('the interval must be a whole number of iterations from 1 on');
  }
  return oddPrimes(from, to).map((exponent) => ({
    name: `M${String(exponent).padStart(9, '0')}`,
    exponent,
    args: interval === undefined || interval > exponent - 2 ? [`${exponent}`] : [`${exponent}`, `${interval}`],
  }));
}

/** 5 to 10 s of work on one core: 2^44497 - 1, the 27th Mersenne prime (found by Nelson and Slowinski, 1979). */
export function benchmarkUnit(): PlannedUnit {
  const [unit] = planUnits({ from: 44_497, to: 44_497 });
  if (unit === undefined) throw new Error('44497 is prime');
  return unit;
}

/** The sieve of Eratosthenes over a window: only factors up to the square root of `to` are kept. */
function oddPrimes(from: number, to: number): number[] {
  const isComposite = new Uint8Array(to - from + 1);
  for (let factor = 2; factor * factor <= to; factor++) {
    const first = Math.max(factor * factor, Math.ceil(from / factor) * factor);
    for (let multiple = first; multiple <= to; multiple += factor) isComposite[multiple - from] = 1;
  }
  return Array.from(isComposite, (mark, offset) => (mark === 0 ? from + offset : 0)).filter((prime) => prime > 2);
}

function invalid(message: string): LucasLehmerError {
  return new LucasLehmerError('LUCAS_LEHMER_PLAN_INVALID', message);
}

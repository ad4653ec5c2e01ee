// Cuts a search into ranges of trial frequencies: one unit for each range.
import { makeCurve, type Point, printCurve } from './curve.js';
import { TransitError } from './errors.js';

/** Frequencies are whole numbers of this: a billionth of a cycle per day. */
export const FREQUENCY_UNITS = 1e9;
const MAX_FREQUENCY = 1e11;
const MAX_POINTS = 200_000;
const MIN_POINTS = 20;
const MAX_TIME = 1e13;
const MAX_FLUX = 4e9;

export interface PlanOptions {
  /** 20 to 200,000 points whose times rise. */
  readonly curve: readonly Point[];
  /** In days. */
  readonly shortestPeriod: number;
  readonly longestPeriod: number;
  /** Into how many bins of phase the curve is folded; default 200. */
  readonly bins?: number;
  /** The transit's length in bins; defaults 2 and 20. */
  readonly shortestTransit?: number;
  readonly longestTransit?: number;
  /** How far a transit may drift in phase over the whole curve from one trial to the next, in bins; default 1. */
  readonly drift?: number;
  /** Default 2,000. */
  readonly trialsPerUnit?: number;
}

/** What one unit gets. All units of a search have the same stdin, so that it is stored and sent once. */
export interface PlannedUnit {
  /** Unique, sorts by frequency. */
  readonly name: string;
  /** The arguments after the program's name. */
  readonly args: readonly string[];
  readonly stdin: Uint8Array<ArrayBuffer>;
}

/**
 * Trial frequencies rise in equal steps from 1 / longestPeriod to the first that reaches 1 / shortestPeriod.
 * @throws TransitError TRANSIT_PLAN_INVALID
 */
export function planUnits(options: PlanOptions): PlannedUnit[] {
  const { curve, bins = 200, shortestTransit = 2, longestTransit = 20, drift = 1, trialsPerUnit = 2000 } = options;
  checkCurve(curve);
  check(
    [bins, shortestTransit, longestTransit, trialsPerUnit].every(isCount),
    'bins, transits and trials are whole numbers from 1 on',
  );
  check(
    bins <= 10_000 && shortestTransit <= longestTransit && 2 * longestTransit <= bins,
    'a transit has at most half of all bins, and these are at most 10,000',
  );
  check(trialsPerUnit <= 1_000_000, 'a unit has at most 1,000,000 trials');
  check(
    options.shortestPeriod > 0 && options.shortestPeriod <= options.longestPeriod && drift > 0,
    'periods and drift must be above 0',
  );
  const first = Math.floor(FREQUENCY_UNITS / options.longestPeriod);
  const step = Math.max(1, Math.floor((drift / bins / daysOf(curve)) * FREQUENCY_UNITS));
  const trials = Math.ceil((FREQUENCY_UNITS / options.shortestPeriod - first) / step) + 1;
  check(
    first >= 1 && first + step * (trials - 1) <= MAX_FREQUENCY,
    'frequencies must lie within 0.000000001 and 100 cycles per day',
  );
  const stdin = new TextEncoder().encode(printCurve(curve));
  return Array.from({ length: Math.ceil(trials / trialsPerUnit) }, (_, range) => {
    const start = first + step * range * trialsPerUnit;
    const count = Math.min(trialsPerUnit, trials - range * trialsPerUnit);
    const args = [start, step, count, bins, shortestTransit, longestTransit].map(String);
    return { name: `frequency-${String(start).padStart(12, '0')}`, args, stdin };
  });
}

function daysOf(curve: readonly Point[]): number {
  return ((curve.at(-1)?.time ?? 0) - (curve[0]?.time ?? 0)) / 1e6;
}

function checkCurve(curve: readonly Point[]): void {
  check(curve.length >= MIN_POINTS && curve.length <= MAX_POINTS, `a curve has ${MIN_POINTS} to ${MAX_POINTS} points`);
  let previous = -1;
  for (const { time, flux } of curve) {
    check(
      Number.isSafeInteger(time) && time > previous && time <= MAX_TIME,
      'times are whole numbers of millionths of a day, and rise',
    );
    check(
      Number.isSafeInteger(flux) && flux >= 0 && flux <= MAX_FLUX,
      'brightness is a whole number of parts per billion, from 0 to 4,000,000,000',
    );
    previous = time;
  }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function check(condition: boolean, message: string): void {
  if (!condition) throw new TransitError('TRANSIT_PLAN_INVALID', message);
}

/** 5 to 10 s of work on one core: four years of a small planet, measured every half an hour; one of the ranges of its search. */
export function benchmarkUnit(): PlannedUnit {
  const planet = { period: 12.3456, epoch: 4.2, duration: 0.16, depth: 0.0002 };
  const curve = makeCurve({ days: 1460, cadence: 1 / 48, noise: 0.0004, seed: 8, planet });
  const [unit] = planUnits({ curve, shortestPeriod: 8, longestPeriod: 15, trialsPerUnit: 14_000 });
  if (unit === undefined) throw new Error('the plan has units');
  return unit;
}

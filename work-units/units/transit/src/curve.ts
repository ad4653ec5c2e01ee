// Light curves: their text form, and made-up ones with a known planet.

/** One measurement. */
export interface Point {
  /** Millionths of a day, whole, from 0 on. */
  readonly time: number;
  /** Brightness in parts per billion of the star's usual one, whole, from 0 to 4,000,000,000. */
  readonly flux: number;
}

/** A planet that darkens its star in a box. Times in days. */
export interface Planet {
  readonly period: number;
  /** The middle of a transit. */
  readonly epoch: number;
  readonly duration: number;
  /** The part of the light that is missing in a transit: 0.01 for one percent. */
  readonly depth: number;
}

export interface MadeUpCurve {
  readonly days: number;
  /** Days between two measurements. */
  readonly cadence: number;
  /** The standard deviation of a measurement: 0.001 for a tenth of a percent. */
  readonly noise: number;
  /** A whole number; equal seeds give equal curves. */
  readonly seed: number;
  /** None: a star without a planet. */
  readonly planet?: Planet;
  /** Stretches without measurements, in days: from, to. */
  readonly gaps?: readonly (readonly [number, number])[];
}

const TIME_UNITS = 1e6;
const FLUX_UNITS = 1e9;

/** A curve that is the same on every machine: nothing but additions, multiplications, divisions and square roots go into it. */
export function makeCurve({ days, cadence, noise, seed, planet, gaps = [] }: MadeUpCurve): Point[] {
  const next = uniform(seed);
  const points: Point[] = [];
  for (let index = 0; index * cadence < days; index++) {
    const time = Math.round(index * cadence * TIME_UNITS);
    const day = time / TIME_UNITS;
    const error = noise * bell(next);
    if (gaps.some(([from, to]) => day >= from && day < to)) continue;
    const light = planet !== undefined && isInTransit(day, planet) ? 1 - planet.depth : 1;
    points.push({ time, flux: Math.round((light + error) * FLUX_UNITS) });
  }
  return points;
}

function isInTransit(day: number, { period, epoch, duration }: Planet): boolean {
  const orbits = (day - epoch) / period;
  return Math.abs(orbits - Math.round(orbits)) * period * 2 < duration;
}

/** Numbers from 0 to below 1, by Marsaglia's xorshift of 32 bits. */
function uniform(seed: number): () => number {
  let state = Math.imul(seed, 2_654_435_761) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Twelve numbers less six: mean 0, standard deviation 1, nearly a bell curve. */
function bell(next: () => number): number {
  let sum = -6;
  for (let index = 0; index < 12; index++) sum += next();
  return sum;
}

/** One line for each point: time and brightness, between them a tab. */
export function printCurve(points: readonly Point[]): string {
  return points.map(({ time, flux }) => `${time}\t${flux}\n`).join('');
}

// Box least squares at one trial frequency: fold the curve into bins of phase, then try every stretch of bins as the transit.
import { fluxes, pointCount, times } from "./curve";

/** A transit needs so many points. */
const FEWEST_POINTS: i32 = 5;

let bins: i32 = 0;
let shortest: i32 = 0;
let longest: i32 = 0;
/** The sum of the brightness of the points of each bin, divided by the number of all points; the first bins stand again after the last. */
let sums: usize = 0;
/** How many points lie in each bin, likewise. */
let counts: usize = 0;

/** What the last search found: the square of the signal residue, or 0 when no stretch is darker than the rest. */
export let foundSquare: f64 = 0;
/** The first bin of the transit, its length in bins, how many points it holds. */
export let foundStart: i32 = 0;
export let foundWidth: i32 = 0;
export let foundPoints: i32 = 0;
/** How much darker the transit is than the rest, in parts per billion. */
export let foundDepth: f64 = 0;

export function allocateBins(binCount: i32, shortestTransit: i32, longestTransit: i32): void {
  bins = binCount;
  shortest = shortestTransit;
  longest = longestTransit;
  sums = heap.alloc(8 * (bins + longest));
  counts = heap.alloc(4 * (bins + longest));
}

/** Searches the transit of one frequency, in cycles per millionth of a day. */
export function searchFrequency(frequency: f64): void {
  fold(frequency);
  foundSquare = 0;
  for (let start = 0; start < bins; start++) searchFrom(start);
}

function fold(frequency: f64): void {
  memory.fill(sums, 0, 8 * bins);
  memory.fill(counts, 0, 4 * bins);
  const size = <f64>bins;
  for (let point = 0; point < pointCount; point++) {
    const cycles = load<f64>(times + 8 * point) * frequency;
    // The phase is below 1 by at least 2^-53, so its product with the number of bins is never rounded up to it.
    const bin = <i32>((cycles - floor<f64>(cycles)) * size);
    const sum = sums + 8 * bin;
    store<f64>(sum, load<f64>(sum) + load<f64>(fluxes + 8 * point));
    const count = counts + 4 * bin;
    store<i32>(count, load<i32>(count) + 1);
  }
  const all = <f64>pointCount;
  for (let bin = 0; bin < bins; bin++) store<f64>(sums + 8 * bin, load<f64>(sums + 8 * bin) / all);
  memory.copy(sums + 8 * bins, sums, 8 * longest);
  memory.copy(counts + 4 * bins, counts, 4 * longest);
}

/** Tries all transits that start in a bin, the shortest first. */
function searchFrom(start: i32): void {
  const all = <f64>pointCount;
  let sum: f64 = 0;
  let points = 0;
  for (let width = 1; width <= longest; width++) {
    sum += load<f64>(sums + 8 * (start + width - 1));
    points += load<i32>(counts + 4 * (start + width - 1));
    if (width < shortest || points < FEWEST_POINTS || points == pointCount || sum >= 0) continue;
    const share = <f64>points / all;
    const spread = share * (1 - share);
    const square = sum * sum / spread;
    if (square <= foundSquare) continue;
    foundSquare = square;
    foundStart = start;
    foundWidth = width;
    foundPoints = points;
    foundDepth = -sum / spread;
  }
}

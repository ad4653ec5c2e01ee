// The light curve: lines of a time and a brightness, as whole numbers.
import { EXIT_INPUT, fail, readAll, readPointer, STDIN } from "../../shared/assembly/wasi";

const MAX_POINTS: i32 = 200000;
const MAX_BYTES: i32 = 1 << 23;
const MAX_TIME: i64 = 10000000000000;
const MAX_FLUX: i64 = 4000000000;
const TAB: u8 = 9;
const NEWLINE: u8 = 10;

export let pointCount: i32 = 0;
/** The time of the first point, in millionths of a day. */
export let firstTime: i64 = 0;
/** Times since the first point, in millionths of a day: one float a point. */
export let times: usize = 0;
/** Brightness minus its mean, in parts per billion: one float a point. */
export let fluxes: usize = 0;

let reading: usize = 0;
let readingEnd: usize = 0;

/** Reads the curve from stdin. Ends the unit when it breaks the form of SPEC.md. */
export function readCurve(fewest: i32): void {
  const length = readAll(STDIN, MAX_BYTES);
  if (length < 0) fail(EXIT_INPUT, "the light curve cannot be read");
  if (length > MAX_BYTES) fail(EXIT_INPUT, "the light curve is longer than 8388608 bytes");
  reading = readPointer;
  readingEnd = readPointer + length;
  times = heap.alloc(MAX_POINTS * 8);
  fluxes = heap.alloc(MAX_POINTS * 8);
  let sum: i64 = 0;
  let previous: i64 = -1;
  while (reading < readingEnd) {
    if (pointCount == MAX_POINTS) fail(EXIT_INPUT, "the light curve has more than 200000 points");
    const time = readNumber(TAB, MAX_TIME);
    const flux = readNumber(NEWLINE, MAX_FLUX);
    if (time <= previous) fail(EXIT_INPUT, "the times do not rise");
    if (pointCount == 0) firstTime = time;
    store<f64>(times + 8 * pointCount, <f64>(time - firstTime));
    store<f64>(fluxes + 8 * pointCount, <f64>flux);
    previous = time;
    sum += flux;
    pointCount++;
  }
  if (pointCount < fewest) fail(EXIT_INPUT, "the light curve has fewer than 20 points");
  subtractMean(<f64>sum / <f64>pointCount);
}

function subtractMean(mean: f64): void {
  for (let at = fluxes, end = fluxes + 8 * pointCount; at < end; at += 8) store<f64>(at, load<f64>(at) - mean);
}

/** A decimal number from 0 to `limit`, with the byte that ends it. */
function readNumber(end: u8, limit: i64): i64 {
  let value: i64 = 0;
  for (let digits = 0; reading < readingEnd; digits++) {
    const byte = load<u8>(reading++);
    if (byte == end && digits > 0) return value;
    const digit = <i64>byte - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    if (value > limit) break;
  }
  fail(EXIT_INPUT, "a line must be a time, a tab and a brightness, both whole numbers");
  return 0;
}

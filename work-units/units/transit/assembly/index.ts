// The unit as a WASI command: transit <first> <step> <count> <bins> <shortest> <longest>, the light curve on stdin. See SPEC.md.
import { parseNumber } from "../../shared/assembly/numbers";
import {
  argument, EXIT_ARGUMENTS, fail, flush, loadArguments, nameProgram, printByte, printNumber, printText,
} from "../../shared/assembly/wasi";
import { allocateBins, foundDepth, foundPoints, foundSquare, foundStart, foundWidth, searchFrequency } from "./boxes";
import { firstTime, pointCount, readCurve } from "./curve";

/** Frequencies are counted in billionths of a cycle per day, times in millionths of a day. */
const CYCLES: f64 = 1e-15;
const MAX_FREQUENCY: i64 = 100000000000;
const MAX_COUNT: i64 = 1000000;
const MAX_BINS: i64 = 10000;
const FEWEST_POINTS: i32 = 20;
/** Residues are printed in millionths of a part per billion. */
const RESIDUE_UNITS: f64 = 1e6;
const TAB: i32 = 9;
const NEWLINE: i32 = 10;

let first: i64 = 0;
let step: i64 = 0;
let count: i32 = 0;
let bins: i32 = 0;
let shortest: i32 = 0;
let longest: i32 = 0;

function numberAt(index: i32, limit: i64): i64 {
  const value = parseNumber(argument(index), limit);
  if (value < 0) fail(EXIT_ARGUMENTS, "an argument is no whole number from 1 to its limit");
  return value;
}

function parseArguments(): void {
  if (loadArguments() != 7) fail(EXIT_ARGUMENTS, "usage: transit <first> <step> <count> <bins> <shortest> <longest>");
  first = numberAt(1, MAX_FREQUENCY);
  step = numberAt(2, MAX_FREQUENCY);
  count = <i32>numberAt(3, MAX_COUNT);
  bins = <i32>numberAt(4, MAX_BINS);
  shortest = <i32>numberAt(5, MAX_BINS);
  longest = <i32>numberAt(6, MAX_BINS);
  if (first + step * (count - 1) > MAX_FREQUENCY) fail(EXIT_ARGUMENTS, "the last frequency is above 100000000000");
  if (shortest > longest || 2 * longest > bins) fail(EXIT_ARGUMENTS, "a transit must have shortest to longest bins, at most half of all");
}

function printField(value: i64): void {
  printByte(TAB);
  printNumber(value);
}

function printHeader(): void {
  printText("#transit/1");
  printField(pointCount);
  printField(firstTime);
  printField(first);
  printField(step);
  printField(count);
  printField(bins);
  printField(shortest);
  printField(longest);
  printByte(NEWLINE);
}

let bestSquare: f64 = 0;
let bestTrial: i32 = 0;
let bestStart: i32 = 0;
let bestWidth: i32 = 0;
let bestPoints: i32 = 0;
let bestDepth: f64 = 0;

function keepIfBetter(trial: i32): void {
  if (foundSquare <= bestSquare) return;
  bestSquare = foundSquare;
  bestTrial = trial;
  bestStart = foundStart;
  bestWidth = foundWidth;
  bestPoints = foundPoints;
  bestDepth = foundDepth;
}

function printBest(): void {
  if (bestSquare == 0) printText("none");
  else {
    printText("best");
    printField(bestTrial);
    printField(bestStart);
    printField(bestWidth);
    printField(bestPoints);
    printField(<i64>bestDepth);
  }
  printByte(NEWLINE);
  flush();
}

function main(): void {
  nameProgram("transit");
  parseArguments();
  readCurve(FEWEST_POINTS);
  allocateBins(bins, shortest, longest);
  printHeader();
  for (let trial = 0; trial < count; trial++) {
    searchFrequency(<f64>(first + step * trial) * CYCLES);
    keepIfBetter(trial);
    printNumber(<i64>(sqrt<f64>(foundSquare) * RESIDUE_UNITS));
    printByte(NEWLINE);
  }
  printBest();
}

// The compiler makes the top level the exported _start (exportStart): a module with a start section would run before its host is ready.
main();

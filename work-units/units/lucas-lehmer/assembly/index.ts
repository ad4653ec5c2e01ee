// The unit as a WASI command: lucas-lehmer <p> [interval] [iterations]. See SPEC.md.
import { parseNumber, printHex } from "../../shared/assembly/numbers";
import {
  argument, EXIT_ARGUMENTS, fail, flush, loadArguments, nameProgram, printByte, printNumber, printText,
} from "../../shared/assembly/wasi";
import { allocateNumber, isZero, lowBits, setNumber, squareMinusTwo } from "./number";

const MAX_EXPONENT: i32 = 100000000;
const TAB: i32 = 9;
const NEWLINE: i32 = 10;
const UPPER_CASE: i32 = 65;

let exponent: i32 = 0;
/** After how many iterations a residue is printed; 0: never. */
let interval: i32 = 0;
let iterations: i32 = 0;

function isOddPrime(value: i32): bool {
  if (value < 3 || value % 2 == 0) return false;
  for (let factor = 3; factor * factor <= value; factor += 2) {
    if (value % factor == 0) return false;
  }
  return true;
}

/** The count that is the argument at `index`: from 1 to the whole test's p - 2 iterations. */
function countAt(index: i32): i32 {
  const value = <i32>parseNumber(argument(index), exponent - 2);
  if (value < 0) fail(EXIT_ARGUMENTS, "the interval and the iterations must be numbers from 1 to p - 2");
  return value;
}

function parseArguments(): void {
  const count = loadArguments();
  if (count < 2 || count > 4) fail(EXIT_ARGUMENTS, "usage: lucas-lehmer <p> [interval] [iterations]");
  exponent = <i32>parseNumber(argument(1), MAX_EXPONENT);
  if (!isOddPrime(exponent)) fail(EXIT_ARGUMENTS, "p must be an odd prime number up to 100000000");
  interval = count > 2 ? countAt(2) : 0;
  iterations = count > 3 ? countAt(3) : exponent - 2;
}

function printHeader(): void {
  printText("#lucas-lehmer/1\t");
  printNumber(exponent);
  printByte(TAB);
  printNumber(interval);
  printByte(TAB);
  printNumber(iterations);
  printByte(NEWLINE);
}

function printResidue(iteration: i32): void {
  printNumber(iteration);
  printByte(TAB);
  printHex(lowBits(), UPPER_CASE);
  printByte(NEWLINE);
}

function printVerdict(): void {
  printByte(77); // M
  printNumber(exponent);
  printByte(TAB);
  if (iterations < exponent - 2) printText("open");
  else printText(isZero() ? "prime" : "composite");
  printByte(TAB);
  printHex(lowBits(), UPPER_CASE);
  printByte(NEWLINE);
  flush();
}

function main(): void {
  nameProgram("lucas-lehmer");
  parseArguments();
  printHeader();
  allocateNumber(exponent);
  setNumber(4);
  for (let iteration = 1; iteration <= iterations; iteration++) {
    squareMinusTwo();
    if (interval > 0 && iteration % interval == 0) printResidue(iteration);
  }
  printVerdict();
}

// The compiler makes the top level the exported _start (exportStart): a module with a start section would run before its host is ready.
main();

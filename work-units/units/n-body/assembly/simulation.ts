// A simulation from its arguments to its output, in three parts that a host may call one by one. See SPEC.md.
import { parseFloatArgument, parseFloatBits, parseNumber, printFloatBits } from "../../shared/assembly/numbers";
import {
  argument, EXIT_ARGUMENTS, EXIT_INPUT, fail, flush, loadArguments, nameProgram, printByte, printNumber, printText, readAll, readPointer, STDIN,
} from "../../shared/assembly/wasi";
import { allocateBodies, bodiesEnd, BODY_BYTES, firstBody, MASS } from "./bodies";
import { chooseLaw } from "./forces";
import { energy, integrate, startIntegration } from "./hermite";

const MAX_STEPS: i32 = 1000000000;
const MAX_BODIES: i32 = 4096;
/** Seven floats of 16 digits, each with the tab or the newline after it. */
const FIELDS: i32 = 7;
const FIELD_BYTES: i32 = 17;
const LINE_BYTES: i32 = FIELDS * FIELD_BYTES;
const EXIT_MEETING: i32 = 4;
const TAB: u8 = 9;
const NEWLINE: u8 = 10;

let steps: i32 = 0;
let stepTime: f64 = 0;
let softening: f64 = 0;
/** After how many steps the energy is printed; 0: only at the start and at the end. */
let interval: i32 = 0;
let step: i32 = 0;

/** Reads arguments and bodies, evaluates the first forces, prints the header and the energy at the start. */
export function start(): void {
  nameProgram("n-body");
  parseArguments();
  readBodies();
  chooseLaw(softening);
  startIntegration(stepTime);
  printHeader();
  printEnergy();
}

/** Makes one step; true while steps are left. */
export function advance(): bool {
  if (!integrate()) fail(EXIT_MEETING, "two bodies met, or a number grew beyond bounds");
  step++;
  const isLast = step == steps;
  if (isLast || (interval > 0 && step % interval == 0)) printEnergy();
  return !isLast;
}

/** Prints the bodies as they are in the end. */
export function finish(): void {
  for (let body = firstBody; body < bodiesEnd; body += BODY_BYTES) {
    for (let field = 0; field < FIELDS; field++) {
      printFloatBits(load<f64>(body + MASS + 8 * field));
      printByte(field < FIELDS - 1 ? TAB : NEWLINE);
    }
  }
  flush();
}

function parseArguments(): void {
  const count = loadArguments();
  if (count < 4 || count > 5) fail(EXIT_ARGUMENTS, "usage: n-body <steps> <step time> <softening> [interval]");
  steps = <i32>parseNumber(argument(1), MAX_STEPS);
  if (steps < 0) fail(EXIT_ARGUMENTS, "the steps must be a number from 1 to 1000000000");
  stepTime = parseFloatArgument(argument(2));
  if (!(stepTime > 0)) fail(EXIT_ARGUMENTS, "the step time must be the 16 hexadecimal digits of a number above 0");
  softening = parseFloatArgument(argument(3));
  if (!(softening >= 0)) fail(EXIT_ARGUMENTS, "the softening must be the 16 hexadecimal digits of a number from 0 on");
  if (count > 4) interval = <i32>parseNumber(argument(4), MAX_STEPS);
  if (interval < 0) fail(EXIT_ARGUMENTS, "the interval must be a number from 1 to 1000000000");
}

function readBodies(): void {
  const length = readAll(STDIN, MAX_BODIES * LINE_BYTES);
  if (length < 0) fail(EXIT_INPUT, "the bodies cannot be read");
  if (length > MAX_BODIES * LINE_BYTES) fail(EXIT_INPUT, "there are more than 4096 bodies");
  const count = length / LINE_BYTES;
  if (count < 2 || length % LINE_BYTES != 0) fail(EXIT_INPUT, "there must be a line of 119 bytes for each of at least two bodies");
  allocateBodies(count);
  let text = readPointer;
  for (let body = firstBody; body < bodiesEnd; body += BODY_BYTES) {
    for (let field = 0; field < FIELDS; field++) {
      store<f64>(body + MASS + 8 * field, fieldAt(text, field < FIELDS - 1 ? TAB : NEWLINE));
      text += FIELD_BYTES;
    }
    if (load<f64>(body + MASS) < 0) fail(EXIT_INPUT, "a mass is below 0");
  }
}

function fieldAt(text: usize, end: u8): f64 {
  const value = parseFloatBits(text);
  if (isNaN(value) || load<u8>(text + 16) != end) fail(EXIT_INPUT, "a line must be seven fields of 16 hexadecimal digits, between tabs");
  return value;
}

function printHeader(): void {
  printText("#n-body/1\t");
  printNumber(<i32>((bodiesEnd - firstBody) / BODY_BYTES));
  printByte(TAB);
  printNumber(steps);
  printByte(TAB);
  printFloatBits(stepTime);
  printByte(TAB);
  printFloatBits(softening);
  printByte(TAB);
  printNumber(interval);
  printByte(NEWLINE);
}

function printEnergy(): void {
  printText("energy\t");
  printNumber(step);
  printByte(TAB);
  printFloatBits(energy());
  printByte(NEWLINE);
}

// The unit as a WASI command: prophage <+|-> <window start> [threshold], the window on stdin, lambda in /phage.fa. See SPEC.md.
import { parseNumber } from "../../shared/assembly/numbers";
import { allocateKernel } from "./kernel";
import { DEFAULT_THRESHOLD, EXIT_OVERFLOW, MATCH, MAX_HITS, MAX_PHAGE_BYTES, MAX_WINDOW } from "./scoring";
import { findHit, hitPhageEnd, hitPhageStart, hitScore, hitWindowEnd, hitWindowStart, maskHit, startSearch } from "./search";
import { parseSequence, reverseComplement } from "./sequence";
import { allocateTraceback, columns, matches, printPath } from "./traceback";
import {
  argument, EXIT_ARGUMENTS, EXIT_INPUT, fail, flush, loadArguments, nameProgram, openFile, printByte, printNumber, printText,
  readAll, readPointer, STDIN,
} from "../../shared/assembly/wasi";

const PLUS: u8 = 43;
const MINUS: u8 = 45;
const TAB: i32 = 9;
const NEWLINE: i32 = 10;
const MAX_WINDOW_START: i32 = 2000000000;

let strand: u8 = PLUS;
let windowStart: i32 = 0;
let threshold: i32 = DEFAULT_THRESHOLD;

function parseArguments(): void {
  const count = loadArguments();
  if (count < 3 || count > 4) fail(EXIT_ARGUMENTS, "usage: prophage <+|-> <window start> [threshold]");
  strand = load<u8>(argument(1));
  const isOneLetter = strand != 0 && load<u8>(argument(1) + 1) == 0;
  if (!isOneLetter || (strand != PLUS && strand != MINUS)) fail(EXIT_ARGUMENTS, "the strand must be + or -");
  windowStart = <i32>parseNumber(argument(2), MAX_WINDOW_START);
  if (windowStart < 0) fail(EXIT_ARGUMENTS, "the window start must be a number from 1 to 2000000000");
  if (count == 4) threshold = <i32>parseNumber(argument(3), MATCH * MAX_WINDOW);
  if (threshold < 0) fail(EXIT_ARGUMENTS, "the threshold must be a number from 1 to 32000");
}

/** Reads a sequence as codes; they lie at readPointer. */
function readSequence(fd: i32): i32 {
  const length = readAll(fd, MAX_PHAGE_BYTES);
  if (length < 0) fail(EXIT_INPUT, "an input cannot be read");
  if (length > MAX_PHAGE_BYTES) fail(EXIT_INPUT, "an input is longer than 2097152 bytes");
  return parseSequence(readPointer, length);
}

function printField(value: i32): void {
  printByte(TAB);
  printNumber(value);
}

function printHeader(length: i32): void {
  printText("#prophage-hits/1\t");
  printByte(strand);
  printField(windowStart);
  printField(windowStart + length - 1);
  printField(threshold);
  printByte(NEWLINE);
}

function printHit(phageLength: i32): void {
  const isPlus = strand == PLUS;
  printNumber(isPlus ? hitPhageStart + 1 : phageLength - hitPhageEnd);
  printField(isPlus ? hitPhageEnd + 1 : phageLength - hitPhageStart);
  printField(windowStart + hitWindowStart);
  printField(windowStart + hitWindowEnd);
  printByte(TAB);
  printByte(strand);
  printField(hitScore);
  printField(matches);
  printField(columns);
  printByte(TAB);
  printPath();
  printByte(NEWLINE);
}

function main(): void {
  nameProgram("prophage");
  parseArguments();
  const phageFile = openFile("phage.fa");
  if (phageFile < 0) fail(EXIT_INPUT, "the file phage.fa is missing");
  const phageLength = readSequence(phageFile);
  const phage = readPointer;
  const length = readSequence(STDIN);
  const window = readPointer;
  if (length > MAX_WINDOW) fail(EXIT_OVERFLOW, "the window is longer than 16000 letters: a score could overflow");
  if (strand == MINUS) reverseComplement(phage, phageLength);
  allocateKernel(length);
  allocateTraceback(length);
  printHeader(length);
  startSearch(phage, phageLength, window, length, threshold);
  for (let hits = 1; findHit(); hits++) {
    printHit(phageLength);
    if (hits == MAX_HITS) break;
    maskHit();
  }
  flush();
}

// The compiler makes the top level the exported _start (exportStart): a module with a start section would run before its host is ready.
main();

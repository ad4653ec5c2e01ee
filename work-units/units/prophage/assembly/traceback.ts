// The alignment itself: Gotoh's global recurrence inside the found rectangle, one byte of choices a cell, then the way back.
import { OTHER } from "./sequence";
import { EXIT_RECTANGLE, GAP_FIRST, GAP_NEXT, MATCH, MAX_RECTANGLE, MISMATCH } from "./scoring";
import { fail, printByte, printNumber } from "../../shared/assembly/wasi";

const NEVER: i32 = -1000000000;
/** Bits of a cell: where its score comes from, and whether its insertion or deletion continues one. */
const FROM_DIAGONAL: u8 = 0;
const FROM_INSERTION: u8 = 1;
const FROM_DELETION: u8 = 2;
const SOURCE: u8 = 3;
const INSERTION_CONTINUES: u8 = 4;
const DELETION_CONTINUES: u8 = 8;

const EQUAL: u8 = 61;
const DIFFERENT: u8 = 88;
const INSERTION: u8 = 73;
const DELETION: u8 = 68;

/** The last traceback: its operations from the end to the start, as bytes, and their counts. */
export let columns: i32 = 0;
export let matches: i32 = 0;
let operations: usize = 0;

// @ts-ignore: decorator
@inline
function isMatch(left: u8, right: u8): bool {
  return left == right && left != OTHER;
}

/** Fills the cells; row 0 and column 0 are the borders before the first letters. */
function fill(cells: usize, phage: usize, rows: i32, window: usize, width: i32): void {
  const scores = heap.alloc(4 * (width + 1));
  const insertions = heap.alloc(4 * (width + 1));
  store<i32>(scores, 0);
  for (let j = 1; j <= width; j++) {
    store<i32>(scores + 4 * j, -GAP_FIRST - (j - 1) * GAP_NEXT);
    store<i32>(insertions + 4 * j, NEVER);
  }
  for (let i = 1; i <= rows; i++) {
    const letter = load<u8>(phage + i - 1);
    let diagonal = load<i32>(scores);
    let left = -GAP_FIRST - (i - 1) * GAP_NEXT;
    let deletion = NEVER;
    store<i32>(scores, left);
    for (let j = 1; j <= width; j++) {
      let cell: u8 = FROM_DIAGONAL;
      const above = load<i32>(scores + 4 * j);
      let insertion = above - GAP_FIRST;
      const longerInsertion = load<i32>(insertions + 4 * j) - GAP_NEXT;
      if (longerInsertion > insertion) {
        insertion = longerInsertion;
        cell |= INSERTION_CONTINUES;
      }
      const longerDeletion = deletion - GAP_NEXT;
      deletion = left - GAP_FIRST;
      if (longerDeletion > deletion) {
        deletion = longerDeletion;
        cell |= DELETION_CONTINUES;
      }
      let score = diagonal + (isMatch(letter, load<u8>(window + j - 1)) ? MATCH : MISMATCH);
      if (insertion > score) {
        score = insertion;
        cell |= FROM_INSERTION;
      }
      if (deletion > score) {
        score = deletion;
        cell = (cell & ~SOURCE) | FROM_DELETION;
      }
      store<u8>(cells + (i - 1) * width + (j - 1), cell);
      store<i32>(scores + 4 * j, score);
      store<i32>(insertions + 4 * j, insertion);
      diagonal = above;
      left = score;
    }
  }
  heap.free(insertions);
  heap.free(scores);
}

// @ts-ignore: decorator
@inline
function put(operation: u8): void {
  store<u8>(operations + columns++, operation);
}

/** Walks from the last cell to the first: at equal scores the diagonal, then the insertion, then the deletion; gaps end early. */
function walk(cells: usize, phage: usize, rows: i32, window: usize, width: i32): void {
  let i = rows;
  let j = width;
  let state = FROM_DIAGONAL;
  while (i > 0 && j > 0) {
    const cell = load<u8>(cells + (i - 1) * width + (j - 1));
    if (state == FROM_DIAGONAL) {
      state = cell & SOURCE;
      if (state != FROM_DIAGONAL) continue;
      const isEqual = isMatch(load<u8>(phage + i - 1), load<u8>(window + j - 1));
      if (isEqual) matches++;
      put(isEqual ? EQUAL : DIFFERENT);
      i--;
      j--;
    } else if (state == FROM_INSERTION) {
      put(INSERTION);
      if (!(cell & INSERTION_CONTINUES)) state = FROM_DIAGONAL;
      i--;
    } else {
      put(DELETION);
      if (!(cell & DELETION_CONTINUES)) state = FROM_DIAGONAL;
      j--;
    }
  }
}

/** Takes the memory for the operations of alignments of windows of `length` letters (the phage part is at most twice as long). */
export function allocateTraceback(length: i32): void {
  operations = heap.alloc(3 * length);
}

/** Finds the alignment of the whole rectangle; ends the unit when the rectangle is over the bound. */
export function traceback(phage: usize, rows: i32, window: usize, width: i32): void {
  if (<u64>rows * <u64>width > MAX_RECTANGLE) fail(EXIT_RECTANGLE, "an alignment is too large to trace back");
  columns = 0;
  matches = 0;
  const cells = heap.alloc(<usize>rows * <usize>width);
  fill(cells, phage, rows, window, width);
  walk(cells, phage, rows, window, width);
  heap.free(cells);
}

/** Prints the path in the order of the genome as run lengths, for example 31=1X4I20=. */
export function printPath(): void {
  let at = columns - 1;
  while (at >= 0) {
    const operation = load<u8>(operations + at);
    let run = 0;
    while (at >= 0 && load<u8>(operations + at) == operation) {
      run++;
      at--;
    }
    printNumber(run);
    printByte(operation);
  }
}

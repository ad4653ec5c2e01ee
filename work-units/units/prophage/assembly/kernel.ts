// The score-only pass: Gotoh's recurrence for local alignment, one phage letter at a time, eight window positions at once.
// Lane l of vector k holds window position l * segments + k ("striped"), so neighbours within a row lie in neighbouring vectors.
import { OTHER } from "./sequence";
import { GAP_FIRST, GAP_NEXT, MATCH, MISMATCH } from "./scoring";

let segments: i32 = 0;
let rowBytes: usize = 0;
let scores: usize = 0;
let insertions: usize = 0;
let profile: usize = 0;

/** What the last pass found: the best score, and the first row and in it the first position that reach it. */
export let bestScore: i32 = 0;
export let bestRow: i32 = -1;
export let bestPosition: i32 = -1;

/** Takes the memory for windows of up to `length` letters. */
export function allocateKernel(length: i32): void {
  const bytes = <usize>((length + 7) >> 3) << 4;
  scores = heap.alloc(bytes);
  insertions = heap.alloc(bytes);
  profile = heap.alloc(bytes * 5);
}

/** Prepares a pass over `length` window letters from `pointer` on, read forwards (step 1) or backwards (step -1). */
function prepare(pointer: usize, length: i32, step: i32): void {
  segments = (length + 7) >> 3;
  rowBytes = <usize>segments << 4;
  memory.fill(scores, 0, rowBytes);
  memory.fill(insertions, 0, rowBytes);
  for (let letter: u8 = 0; letter <= OTHER; letter++) {
    const row = profile + <usize>letter * rowBytes;
    for (let k = 0; k < segments; k++) {
      for (let lane = 0; lane < 8; lane++) {
        const position = lane * segments + k;
        // Positions past the end are mismatches: nothing flows from them to real ones, and no maximum arises in them.
        const code = position < length ? load<u8>(pointer + position * step) : OTHER;
        const isMatch = code == letter && letter != OTHER;
        store<i16>(row + (<usize>k << 4) + (<usize>lane << 1), <i16>(isMatch ? MATCH : MISMATCH));
      }
    }
  }
  bestScore = 0;
  bestRow = -1;
  bestPosition = -1;
}

/** Moves every lane one up and puts zero in the first: from the end of one stripe to the start of the next. */
// @ts-ignore: decorator
@inline
function nextStripe(lanes: v128): v128 {
  return v128.shuffle<i16>(i16x8.splat(0), lanes, 0, 8, 9, 10, 11, 12, 13, 14);
}

/**
 * Computes the row of one phage letter in place and returns the lanes' maxima. Scores, insertions and deletions are
 * clamped at zero by unsigned saturation, which changes no score, since a local score is never below zero.
 */
function computeRow(letter: u8): v128 {
  const first = i16x8.splat(<i16>GAP_FIRST);
  const next = i16x8.splat(<i16>GAP_NEXT);
  const matches = profile + <usize>letter * rowBytes;
  const end = rowBytes;
  let diagonal = nextStripe(v128.load(scores + end - 16));
  let deletion = i16x8.splat(0);
  let maximum = i16x8.splat(0);
  for (let k: usize = 0; k < end; k += 16) {
    const above = v128.load(scores + k);
    const insertion = i16x8.max_s(
      i16x8.sub_sat_u(v128.load(insertions + k), next),
      i16x8.sub_sat_u(above, first),
    );
    const open = i16x8.max_s(i16x8.add(diagonal, v128.load(matches + k)), insertion);
    const score = i16x8.max_s(open, deletion);
    maximum = i16x8.max_s(maximum, score);
    v128.store(insertions + k, insertion);
    v128.store(scores + k, score);
    // A negative `open` wraps below and stays negative, so the maximum, which is at least 0, drops it.
    deletion = i16x8.max_s(i16x8.sub_sat_u(deletion, next), i16x8.sub_sat_u(open, first));
    diagonal = above;
  }
  carryDeletions(deletion);
  return maximum;
}

/**
 * Deletions that run over the end of a stripe continue in the next one. Ends as soon as no lane adds anything to what the
 * row already propagated; a lane crosses at most seven ends. Raised scores stay below the row's maximum.
 */
// @ts-ignore: decorator
@inline
function carryDeletions(last: v128): void {
  const first = i16x8.splat(<i16>GAP_FIRST);
  const next = i16x8.splat(<i16>GAP_NEXT);
  const end = rowBytes;
  let deletion = last;
  for (let stripe = 0; stripe < 7; stripe++) {
    deletion = nextStripe(deletion);
    for (let k: usize = 0; k < end; k += 16) {
      const score = i16x8.max_s(v128.load(scores + k), deletion);
      v128.store(scores + k, score);
      deletion = i16x8.sub_sat_u(deletion, next);
      if (!v128.any_true(i16x8.gt_s(deletion, i16x8.sub_sat_u(score, first)))) return;
    }
  }
}

/** Keeps the row if it holds a new best score, with the first position that has it. */
function keepBest(maximum: v128, row: i32): void {
  if (!v128.any_true(i16x8.gt_s(maximum, i16x8.splat(<i16>bestScore)))) return;
  let best: i32 = 0;
  let lanes = maximum;
  for (let lane = 0; lane < 8; lane++) {
    best = max(best, <i32>i16x8.extract_lane_s(lanes, 0));
    lanes = nextLane(lanes);
  }
  bestScore = best;
  bestRow = row;
  bestPosition = firstPositionOf(<i16>best);
}

// @ts-ignore: decorator
@inline
function nextLane(lanes: v128): v128 {
  return v128.shuffle<i16>(lanes, lanes, 1, 2, 3, 4, 5, 6, 7, 0);
}

function firstPositionOf(score: i16): i32 {
  for (let lane = 0; lane < 8; lane++) {
    for (let k = 0; k < segments; k++) {
      if (load<i16>(scores + (<usize>k << 4) + (<usize>lane << 1)) == score) return lane * segments + k;
    }
  }
  return -1;
}

/** Aligns all of the phage with `length` window letters and leaves the best end in bestScore, bestRow, bestPosition. */
export function forwardPass(phage: usize, phageLength: i32, window: usize, length: i32): void {
  prepare(window, length, 1);
  for (let row = 0; row < phageLength; row++) keepBest(computeRow(load<u8>(phage + row)), row);
}

/**
 * The same backwards from an end: phage letters from `phageEnd` down, `length` window letters from `windowEnd` down. Stops at
 * the first row that reaches `score`. Rows and positions count from the end.
 */
export function reversePass(phageEnd: usize, rows: i32, windowEnd: usize, length: i32, score: i32): void {
  prepare(windowEnd, length, -1);
  for (let row = 0; row < rows && bestScore < score; row++) keepBest(computeRow(load<u8>(phageEnd - row)), row);
}

// The search: best alignment, mask its genome interval, repeat. A masked position takes part in no alignment, so that masking
// cuts the window into pieces that know nothing of each other: only the two pieces beside a new mask need another pass.
import { bestPosition, bestRow, bestScore, forwardPass, reversePass } from "./kernel";
import { MATCH, MAX_HITS } from "./scoring";
import { traceback } from "./traceback";

/** A piece of the window without masked positions, and the end of its best alignment. */
@unmanaged
class Piece {
  start: i32;
  length: i32;
  score: i32;
  phageEnd: i32;
  windowEnd: i32;
}

const PIECE_BYTES: usize = offsetof<Piece>();
const pieces = memory.data(20 * (MAX_HITS + 1));
let pieceCount: i32 = 0;

let phage: usize = 0;
let phageLength: i32 = 0;
let window: usize = 0;
let threshold: i32 = 0;

/** The last hit, all positions from 0 on and inclusive. */
export let hitScore: i32 = 0;
export let hitPhageStart: i32 = 0;
export let hitPhageEnd: i32 = 0;
export let hitWindowStart: i32 = 0;
export let hitWindowEnd: i32 = 0;
let hitPiece: Piece = pieceAt(0);

function pieceAt(index: i32): Piece {
  return changetype<Piece>(pieces + <usize>index * PIECE_BYTES);
}

/** Computes the best alignment of a piece; a piece too short for the threshold needs no pass. */
function setPiece(piece: Piece, start: i32, length: i32): void {
  piece.start = start;
  piece.length = length;
  piece.score = 0;
  if (length * MATCH < threshold) return;
  forwardPass(phage, phageLength, window + start, length);
  piece.score = bestScore;
  piece.phageEnd = bestRow;
  piece.windowEnd = start + bestPosition;
}

/** Higher score, then the earlier end in the phage, then in the window. */
function isBetter(left: Piece, right: Piece): bool {
  if (left.score != right.score) return left.score > right.score;
  if (left.phageEnd != right.phageEnd) return left.phageEnd < right.phageEnd;
  return left.windowEnd < right.windowEnd;
}

/** Begins a search of codes at `window` for stretches of the codes at `phage`. */
export function startSearch(phagePointer: usize, phageCount: i32, windowPointer: usize, windowCount: i32, minimum: i32): void {
  phage = phagePointer;
  phageLength = phageCount;
  window = windowPointer;
  threshold = minimum;
  setPiece(pieceAt(0), 0, windowCount);
  pieceCount = 1;
}

/** Finds the best hit of what is not masked, or returns false when no score reaches the threshold. */
export function findHit(): bool {
  let best = pieceAt(0);
  for (let index = 1; index < pieceCount; index++) if (isBetter(pieceAt(index), best)) best = pieceAt(index);
  if (best.score < threshold) return false;
  reversePass(phage + best.phageEnd, best.phageEnd + 1, window + best.windowEnd, best.windowEnd - best.start + 1, best.score);
  hitScore = best.score;
  hitPhageEnd = best.phageEnd;
  hitWindowEnd = best.windowEnd;
  hitPhageStart = hitPhageEnd - bestRow;
  hitWindowStart = hitWindowEnd - bestPosition;
  traceback(phage + hitPhageStart, bestRow + 1, window + hitWindowStart, bestPosition + 1);
  hitPiece = best;
  return true;
}

/** Masks the last hit: its piece becomes what lies left of it, a new piece what lies right of it. */
export function maskHit(): void {
  const piece = hitPiece;
  const end = piece.start + piece.length;
  setPiece(piece, piece.start, hitWindowStart - piece.start);
  setPiece(pieceAt(pieceCount++), hitWindowEnd + 1, end - hitWindowEnd - 1);
}

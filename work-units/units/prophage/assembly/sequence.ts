// Sequences as one byte a letter: A 0, C 1, G 2, T 3, every other letter OTHER, which matches nothing, itself included.
import { EXIT_INPUT, fail } from "../../shared/assembly/wasi";

export const OTHER: u8 = 4;

/** The code of a letter in either case, or 255 for what is no letter. */
function codeOf(byte: u8): u8 {
  const upper = byte & 0xdf;
  if (upper < 65 || upper > 90 || byte < 65) return 255;
  if (upper == 65) return 0;
  if (upper == 67) return 1;
  if (upper == 71) return 2;
  if (upper == 84) return 3;
  return OTHER;
}

function isSpace(byte: u8): bool {
  return byte == 10 || byte == 13 || byte == 32 || byte == 9;
}

/**
 * Turns text (plain letters, or FASTA with one record) into codes, in place, and returns how many there are.
 * Ends the unit when there is a second record, a character that is neither letter nor space, or no letter at all.
 */
export function parseSequence(pointer: usize, length: i32): i32 {
  let count = 0;
  let at = 0;
  let isLineStart = true;
  let hasHeader = false;
  while (at < length) {
    const byte = load<u8>(pointer + at);
    if (isLineStart && byte == 62) {
      if (hasHeader || count > 0) fail(EXIT_INPUT, "an input holds more than one FASTA record");
      hasHeader = true;
      while (at < length && load<u8>(pointer + at) != 10) at++;
      continue;
    }
    isLineStart = byte == 10;
    at++;
    if (isSpace(byte)) continue;
    const code = codeOf(byte);
    if (code == 255) fail(EXIT_INPUT, "an input holds a character that is no letter");
    store<u8>(pointer + count++, code);
  }
  if (count == 0) fail(EXIT_INPUT, "an input holds no sequence");
  return count;
}

/** Reverses and complements codes in place. */
export function reverseComplement(pointer: usize, length: i32): void {
  let low = 0;
  let high = length - 1;
  while (low <= high) {
    const left = load<u8>(pointer + low);
    const right = load<u8>(pointer + high);
    store<u8>(pointer + low++, right < OTHER ? 3 - right : OTHER);
    store<u8>(pointer + high--, left < OTHER ? 3 - left : OTHER);
  }
}

// Numbers in arguments and results: decimal counts, and floats as the 16 hexadecimal digits of their bits, which loses nothing.
import { printByte } from "./wasi";

/** A decimal number from 1 to `limit`, or -1. */
export function parseNumber(text: usize, limit: i64): i64 {
  let value: i64 = 0;
  for (let at = 0; load<u8>(text + at) != 0; at++) {
    const digit = <i32>load<u8>(text + at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
    if (value > limit) return -1;
  }
  return value < 1 ? -1 : value;
}

/** The value of a hexadecimal digit in either case, or -1. */
function digitOf(byte: u8): i32 {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 0x20;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** The float whose bits stand as 16 hexadecimal digits at `text`; NaN when they are no such digits or no finite number. */
export function parseFloatBits(text: usize): f64 {
  let bits: u64 = 0;
  for (let at = 0; at < 16; at++) {
    const digit = digitOf(load<u8>(text + at));
    if (digit < 0) return NaN;
    bits = (bits << 4) | <u64>digit;
  }
  const value = reinterpret<f64>(bits);
  return isFinite(value) ? value : NaN;
}

/** Like parseFloatBits, for a zero-terminated argument of exactly 16 digits. */
export function parseFloatArgument(text: usize): f64 {
  const value = parseFloatBits(text);
  return !isNaN(value) && load<u8>(text + 16) == 0 ? value : NaN;
}

/** Prints 16 hexadecimal digits; `ten` is the character of the digit ten, "a" or "A". */
export function printHex(bits: u64, ten: i32): void {
  for (let shift = 60; shift >= 0; shift -= 4) {
    const digit = <i32>((bits >> shift) & 15);
    printByte(digit < 10 ? 48 + digit : ten + digit - 10);
  }
}

/** Prints a float as the 16 lower-case hexadecimal digits of its bits. */
export function printFloatBits(value: f64): void {
  printHex(reinterpret<u64>(value), 97);
}

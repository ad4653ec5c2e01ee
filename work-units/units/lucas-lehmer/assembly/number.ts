// A number modulo 2^p - 1 as digits of mixed width, squared by a weighted transform: the convolution is cyclic modulo 2^p - 1 itself.
import { inverse, multiply, rootOfTwo } from "./field";
import { allocateTransform, backward, forward, inverseLength } from "./transform";

const NUMBER: u32 = 8;
/** Every sum of products, with its carry, stays below 2^62: inside the field and inside a signed 64-bit integer. */
const SUM_BITS: u32 = 62;

let exponent: u32 = 0;
let length: u32 = 0;
let digits: usize = 0;
let weights: usize = 0;
let unweights: usize = 0;
/** The width in bits of each digit, one byte a digit. */
let widths: usize = 0;

/** The least number of digits, a power of two from 4 on, with which the square of a number modulo 2^p - 1 is exact. */
function lengthFor(p: u32): u32 {
  let count: u32 = 4;
  while (1 + ctz(count) + 2 * ((p + count - 1) / count) > SUM_BITS) count <<= 1;
  return count;
}

/** Where digit `index` starts: ceil(p * index / length). */
function firstBit(index: u32): u32 {
  return <u32>((<u64>exponent * index + length - 1) / length);
}

/** Makes the tables for 2^p - 1; the number is 0. */
export function allocateNumber(p: u32): void {
  exponent = p;
  length = lengthFor(p);
  allocateTransform(length);
  digits = heap.alloc(length * NUMBER);
  weights = heap.alloc(length * NUMBER);
  unweights = heap.alloc(length * NUMBER);
  widths = heap.alloc(length);
  fillTables(digits);
  setNumber(0);
}

/** Digit i has the weight 2^(ceil(p i / n) - p i / n); the powers of 2^(1/n) are looked up in `powers`, space for n numbers. */
function fillTables(powers: usize): void {
  const root = rootOfTwo(length);
  let current: u64 = 1;
  for (let at: u32 = 0; at < length; at++) {
    store<u64>(powers + at * NUMBER, current);
    current = multiply(current, root);
  }
  const half = inverse(2);
  const factor = inverseLength();
  for (let index: u32 = 0; index < length; index++) {
    const step = <u32>(<u64>firstBit(index) * length - <u64>exponent * index);
    store<u64>(weights + index * NUMBER, load<u64>(powers + step * NUMBER));
    const opposite = step == 0 ? 1 : multiply(load<u64>(powers + (length - step) * NUMBER), half);
    store<u64>(unweights + index * NUMBER, multiply(opposite, factor));
    store<u8>(widths + index, <u8>(firstBit(index + 1) - firstBit(index)));
  }
}

/** Makes the number `value`, which fits every digit bound as digit 0. */
export function setNumber(value: u64): void {
  memory.fill(digits, 0, length * NUMBER);
  store<u64>(digits, value);
}

/** The number becomes its square minus 2. */
export function squareMinusTwo(): void {
  multiplyEach(digits, weights);
  forward(digits);
  squareEach();
  backward(digits);
  multiplyEach(digits, unweights);
  let carry = carryThrough(-2);
  while (carry != 0) carry = carryThrough(carry);
}

function multiplyEach(numbers: usize, factors: usize): void {
  for (let at: u32 = 0, end = length * NUMBER; at < end; at += NUMBER) {
    store<u64>(numbers + at, multiply(load<u64>(numbers + at), load<u64>(factors + at)));
  }
}

function squareEach(): void {
  for (let at = digits, end = digits + length * NUMBER; at < end; at += NUMBER) {
    const value = load<u64>(at);
    store<u64>(at, multiply(value, value));
  }
}

/** Adds a carry at digit 0 and takes every digit back to its width; returns the carry out of the top, which belongs to digit 0 again. */
function carryThrough(carry: i64): i64 {
  for (let index: u32 = 0; index < length; index++) {
    const at = digits + index * NUMBER;
    const width = <i64>load<u8>(widths + index);
    const sum = load<i64>(at) + carry;
    carry = sum >> width;
    store<i64>(at, sum - (carry << width));
  }
  return carry;
}

/** True when the number is 0 modulo 2^p - 1: all bits zero, or all bits one. */
export function isZero(): bool {
  return areAll(0) || areAll(1);
}

function areAll(bit: u64): bool {
  for (let index: u32 = 0; index < length; index++) {
    const full = (bit << load<u8>(widths + index)) - bit;
    if (load<u64>(digits + index * NUMBER) != full) return false;
  }
  return true;
}

/** The low 64 bits of the number's least residue. */
export function lowBits(): u64 {
  if (isZero()) return 0;
  let bits: u64 = 0;
  for (let index: u32 = 0; index < length && firstBit(index) < 64; index++) {
    bits |= load<u64>(digits + index * NUMBER) << firstBit(index);
  }
  return bits;
}

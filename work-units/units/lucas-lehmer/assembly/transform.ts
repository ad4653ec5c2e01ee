// The number-theoretic transform, in place: forward leaves its result in digit-reversed order, which backward takes.
import { add, inverse, multiply, power, rootOfUnity, subtract, timesRootOfMinusOne } from "./field";

/** Twiddles of every pass of four, one pass after the other: for each j the j-th, 2j-th and 3j-th powers of the pass's root. */
let forwardTwiddles: usize = 0;
let backwardTwiddles: usize = 0;
let length: u32 = 0;
const NUMBER: u32 = 8;
const TRIPLE: u32 = 24;

/** Makes the tables for a transform of `count` numbers, a power of two from 4 on. */
export function allocateTransform(count: u32): void {
  length = count;
  const root = rootOfUnity(count);
  forwardTwiddles = twiddlesOf(root);
  backwardTwiddles = twiddlesOf(inverse(root));
}

function twiddlesOf(root: u64): usize {
  const table = heap.alloc(<usize>length * NUMBER);
  let at = table;
  for (let span = length; span > 4; span >>= 2) {
    const step = power(root, length / span);
    let twiddle: u64 = 1;
    for (let j: u32 = 0; j < span / 4; j++) {
      const square = multiply(twiddle, twiddle);
      store<u64>(at, twiddle);
      store<u64>(at, square, 8);
      store<u64>(at, multiply(square, twiddle), 16);
      at += TRIPLE;
      twiddle = multiply(twiddle, step);
    }
  }
  return table;
}

/** Decimation in frequency by fours; a last pass by twos when the length is no power of four. */
export function forward(data: usize): void {
  let twiddles = forwardTwiddles;
  let span = length;
  const end = data + length * NUMBER;
  for (; span > 4; span >>= 2) {
    for (let block = data; block < end; block += span * NUMBER) forwardBlock(block, span / 4, twiddles);
    twiddles += (span / 4) * TRIPLE;
  }
  if (span == 4) forwardFours(data);
  else pairs(data);
}

/** The inverse of forward, but for the factor `length`. */
export function backward(data: usize): void {
  const isPowerOfFour = (ctz(length) & 1) == 0;
  if (isPowerOfFour) backwardFours(data);
  else pairs(data);
  const end = data + length * NUMBER;
  for (let span: u32 = isPowerOfFour ? 16 : 8; span <= length; span <<= 2) {
    const twiddles = backwardTwiddles + offsetOf(span);
    for (let block = data; block < end; block += span * NUMBER) backwardBlock(block, span / 4, twiddles);
  }
}

/** Where a pass's twiddles start in a table. */
function offsetOf(span: u32): u32 {
  let offset: u32 = 0;
  for (let wider = length; wider > span; wider >>= 2) offset += (wider / 4) * TRIPLE;
  return offset;
}

function forwardBlock(block: usize, quarter: u32, twiddles: usize): void {
  const stride = quarter * NUMBER;
  for (let at = block, end = block + stride; at < end; at += NUMBER) {
    const x0 = load<u64>(at);
    const x1 = load<u64>(at + stride);
    const x2 = load<u64>(at + 2 * stride);
    const x3 = load<u64>(at + 3 * stride);
    const sum02 = add(x0, x2);
    const sum13 = add(x1, x3);
    const difference02 = subtract(x0, x2);
    const turned13 = timesRootOfMinusOne(subtract(x1, x3));
    store<u64>(at, add(sum02, sum13));
    store<u64>(at + stride, multiply(subtract(sum02, sum13), load<u64>(twiddles, 8)));
    store<u64>(at + 2 * stride, multiply(add(difference02, turned13), load<u64>(twiddles)));
    store<u64>(at + 3 * stride, multiply(subtract(difference02, turned13), load<u64>(twiddles, 16)));
    twiddles += TRIPLE;
  }
}

function backwardBlock(block: usize, quarter: u32, twiddles: usize): void {
  const stride = quarter * NUMBER;
  for (let at = block, end = block + stride; at < end; at += NUMBER) {
    const y0 = load<u64>(at);
    const y1 = multiply(load<u64>(at + stride), load<u64>(twiddles, 8));
    const y2 = multiply(load<u64>(at + 2 * stride), load<u64>(twiddles));
    const y3 = multiply(load<u64>(at + 3 * stride), load<u64>(twiddles, 16));
    const sum01 = add(y0, y1);
    const difference01 = subtract(y0, y1);
    const sum23 = add(y2, y3);
    const turned23 = timesRootOfMinusOne(subtract(y2, y3));
    store<u64>(at, add(sum01, sum23));
    store<u64>(at + stride, subtract(difference01, turned23));
    store<u64>(at + 2 * stride, subtract(sum01, sum23));
    store<u64>(at + 3 * stride, add(difference01, turned23));
    twiddles += TRIPLE;
  }
}

/** The last pass, where every twiddle is 1. */
function forwardFours(data: usize): void {
  for (let at = data, end = data + length * NUMBER; at < end; at += 4 * NUMBER) {
    const x0 = load<u64>(at);
    const x1 = load<u64>(at, 8);
    const x2 = load<u64>(at, 16);
    const x3 = load<u64>(at, 24);
    const sum02 = add(x0, x2);
    const sum13 = add(x1, x3);
    const difference02 = subtract(x0, x2);
    const turned13 = timesRootOfMinusOne(subtract(x1, x3));
    store<u64>(at, add(sum02, sum13));
    store<u64>(at, subtract(sum02, sum13), 8);
    store<u64>(at, add(difference02, turned13), 16);
    store<u64>(at, subtract(difference02, turned13), 24);
  }
}

/** The first pass of the way back, where every twiddle is 1. */
function backwardFours(data: usize): void {
  for (let at = data, end = data + length * NUMBER; at < end; at += 4 * NUMBER) {
    const y0 = load<u64>(at);
    const y1 = load<u64>(at, 8);
    const y2 = load<u64>(at, 16);
    const y3 = load<u64>(at, 24);
    const sum01 = add(y0, y1);
    const difference01 = subtract(y0, y1);
    const sum23 = add(y2, y3);
    const turned23 = timesRootOfMinusOne(subtract(y2, y3));
    store<u64>(at, add(sum01, sum23));
    store<u64>(at, subtract(difference01, turned23), 8);
    store<u64>(at, subtract(sum01, sum23), 16);
    store<u64>(at, add(difference01, turned23), 24);
  }
}

/** The pass of twos of a length that is no power of four; it is its own inverse but for the factor. */
function pairs(data: usize): void {
  for (let at = data, end = data + length * NUMBER; at < end; at += 2 * NUMBER) {
    const a = load<u64>(at);
    const b = load<u64>(at, 8);
    store<u64>(at, add(a, b));
    store<u64>(at, subtract(a, b), 8);
  }
}

/** The factor that backward leaves out. */
export function inverseLength(): u64 {
  return inverse(<u64>length);
}

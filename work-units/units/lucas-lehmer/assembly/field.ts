// The prime field of P = 2^64 - 2^32 + 1: exact arithmetic on numbers from 0 to P - 1.
export const P: u64 = 0xffffffff00000001;
/** 2^64 is this number in the field, for P = 2^64 - EPSILON. */
const EPSILON: u64 = 0xffffffff;
/** 7 generates the field's multiplicative group. */
const GENERATOR: u64 = 7;

// @ts-ignore: decorator
@inline
export function add(a: u64, b: u64): u64 {
  const room = P - b;
  return a - room + (P & -<u64>(a < room));
}

// @ts-ignore: decorator
@inline
export function subtract(a: u64, b: u64): u64 {
  return a - b + (P & -<u64>(a < b));
}

/** high * 2^64 + low in the field, by 2^64 = 2^32 - 1 and 2^96 = -1. */
// @ts-ignore: decorator
@inline
function reduce(high: u64, low: u64): u64 {
  const top = high >> 32;
  const middle = (high & EPSILON) * EPSILON;
  const difference = low - top - (EPSILON & -<u64>(low < top));
  let sum = difference + middle;
  sum += EPSILON & -<u64>(sum < middle);
  return sum - (P & -<u64>(sum >= P));
}

/** The 128 bits of the product from four products of halves, then reduced. */
// @ts-ignore: decorator
@inline
export function multiply(a: u64, b: u64): u64 {
  const a0 = a & EPSILON;
  const a1 = a >> 32;
  const b0 = b & EPSILON;
  const b1 = b >> 32;
  const low = a0 * b0;
  const left = a1 * b0 + (low >> 32);
  const right = a0 * b1 + (left & EPSILON);
  return reduce(a1 * b1 + (left >> 32) + (right >> 32), (right << 32) | (low & EPSILON));
}

/** a * 2^48; 2^48 is a square root of -1, for 2^96 = -1. */
// @ts-ignore: decorator
@inline
export function timesRootOfMinusOne(a: u64): u64 {
  return reduce(a >> 16, a << 48);
}

export function power(base: u64, exponent: u64): u64 {
  let result: u64 = 1;
  for (; exponent != 0; exponent >>= 1) {
    if (exponent & 1) result = multiply(result, base);
    base = multiply(base, base);
  }
  return result;
}

export function inverse(a: u64): u64 {
  return power(a, P - 2);
}

/** A number of the given order, which must divide P - 1 = 2^32 * 3 * 5 * 17 * 257 * 65537. */
function numberOfOrder(order: u64): u64 {
  return power(GENERATOR, (P - 1) / order);
}

/** A primitive root of unity of a transform of `length` (a power of two up to 2^32) with root^(length / 4) = 2^48. */
export function rootOfUnity(length: u64): u64 {
  const root = numberOfOrder(length);
  return power(root, length / 4) == <u64>1 << 48 ? root : inverse(root);
}

/**
 * A number whose `length`-th power is 2, for a length that is a power of two up to 2^26.
 * 2 has the order 192; so has z^length, for z of the order 192 * length: 2 is an odd power of it, and the same power of z is the root sought.
 */
export function rootOfTwo(length: u64): u64 {
  const z = numberOfOrder(192 * length);
  const ofOrder192 = power(z, length);
  let exponent: u64 = 1;
  while (power(ofOrder192, exponent) != 2) exponent += 2;
  return power(z, exponent);
}

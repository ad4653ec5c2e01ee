// Integer kernel: Lucas-Lehmer steps of 2^9941 - 1 with a number-theoretic transform modulo 2^64 - 2^32 + 1.
// Usage: lucas-lehmer <steps>; prints a checksum of the residue.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXPONENT = 9941, DIGIT_BITS = 16, DIGITS = EXPONENT / DIGIT_BITS + 1, LENGTH = 2048 };
static const uint64_t PRIME = 0xffffffff00000001u;
static uint64_t roots[LENGTH / 2], inverse_roots[LENGTH / 2], work[LENGTH];
static uint32_t residue[DIGITS];

static uint64_t add(uint64_t a, uint64_t b) {
  uint64_t sum = a + b;
  if (sum < a || sum >= PRIME) sum -= PRIME;
  return sum;
}

static uint64_t subtract(uint64_t a, uint64_t b) { return a >= b ? a - b : a - b + PRIME; }

static uint64_t multiply(uint64_t a, uint64_t b) {
  uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
  uint64_t low = al * bl, mid = ah * bl + (low >> 32), mid2 = al * bh + (uint32_t)mid;
  uint64_t high = ah * bh + (mid >> 32) + (mid2 >> 32);
  low = (mid2 << 32) | (uint32_t)low;
  uint64_t top = high >> 32, bottom = (uint32_t)high;
  uint64_t result = low - top;
  if (low < top) result -= 0xffffffffu;
  uint64_t product = (bottom << 32) - bottom, sum = result + product;
  if (sum < product) sum += 0xffffffffu;
  return sum >= PRIME ? sum - PRIME : sum;
}

static uint64_t power(uint64_t base, uint64_t exponent) {
  uint64_t result = 1;
  for (; exponent; exponent >>= 1, base = multiply(base, base))
    if (exponent & 1) result = multiply(result, base);
  return result;
}

static void forward(void) {
  for (int half = LENGTH / 2, stride = 1; half; half /= 2, stride *= 2)
    for (int start = 0; start < LENGTH; start += 2 * half)
      for (int i = 0; i < half; i++) {
        uint64_t a = work[start + i], b = work[start + i + half];
        work[start + i] = add(a, b);
        work[start + i + half] = multiply(subtract(a, b), roots[i * stride]);
      }
}

static void backward(void) {
  for (int half = 1, stride = LENGTH / 2; half < LENGTH; half *= 2, stride /= 2)
    for (int start = 0; start < LENGTH; start += 2 * half)
      for (int i = 0; i < half; i++) {
        uint64_t a = work[start + i], b = multiply(work[start + i + half], inverse_roots[i * stride]);
        work[start + i] = add(a, b);
        work[start + i + half] = subtract(a, b);
      }
}

/* Adds a value at a bit position to the wide number modulo 2^EXPONENT - 1. */
static void reduce(void) {
  static uint32_t wide[2 * DIGITS + 4];
  uint64_t carry = 0, scale = power(LENGTH, PRIME - 2);
  for (int i = 0; i < 2 * DIGITS + 4; i++) {
    if (i < LENGTH) carry += multiply(work[i], scale);
    wide[i] = carry & 0xffff;
    carry >>= DIGIT_BITS;
  }
  const int shift = EXPONENT % DIGIT_BITS, low_digits = EXPONENT / DIGIT_BITS;
  for (int i = 0; i < DIGITS; i++) {
    uint32_t high = (wide[i + low_digits] | wide[i + low_digits + 1] << 16) >> shift & 0xffff;
    uint32_t low = i < low_digits ? wide[i] : wide[i] & ((1u << shift) - 1);
    carry += low + high;
    residue[i] = carry & 0xffff;
    carry >>= DIGIT_BITS;
  }
  uint32_t over = residue[DIGITS - 1] >> shift;
  residue[DIGITS - 1] &= (1u << shift) - 1;
  for (int i = 0; over && i < DIGITS; i++) {
    over += residue[i];
    residue[i] = over & 0xffff;
    over >>= DIGIT_BITS;
  }
}

static void minus_two(void) {
  int64_t borrow = -2;
  for (int i = 0; i < DIGITS; i++) {
    borrow += residue[i];
    residue[i] = borrow & 0xffff;
    borrow >>= DIGIT_BITS;
  }
  if (borrow < 0) { /* below zero: add 2^EXPONENT - 1 */
    residue[DIGITS - 1] &= (1u << EXPONENT % DIGIT_BITS) - 1;
    residue[0] -= 1;
  }
}

int main(int count, char **arguments) {
  int steps = count > 1 ? atoi(arguments[1]) : EXPONENT - 2;
  uint64_t root = power(7, (PRIME - 1) / LENGTH), inverse = power(root, PRIME - 2);
  roots[0] = inverse_roots[0] = 1;
  for (int i = 1; i < LENGTH / 2; i++) {
    roots[i] = multiply(roots[i - 1], root);
    inverse_roots[i] = multiply(inverse_roots[i - 1], inverse);
  }
  residue[0] = 4;
  for (int step = 0; step < steps; step++) {
    for (int i = 0; i < LENGTH; i++) work[i] = i < DIGITS ? residue[i] : 0;
    forward();
    for (int i = 0; i < LENGTH; i++) work[i] = multiply(work[i], work[i]);
    backward();
    reduce();
    minus_two();
  }
  uint64_t checksum = 0;
  int is_zero = 1;
  for (int i = 0; i < DIGITS; i++) {
    checksum = checksum * 1000003 + residue[i];
    if (residue[i]) is_zero = 0;
  }
  printf("%d steps, checksum %016llx, zero %d\n", steps, (unsigned long long)checksum, is_zero);
  return 0;
}

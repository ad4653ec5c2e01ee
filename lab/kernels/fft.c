// Floating-point kernel: complex transforms of 2^16 points there and back, factors made with nothing but IEEE arithmetic.
// Usage: fft <rounds>; prints a checksum of the bits.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BITS = 16, LENGTH = 1 << BITS };
static double real[LENGTH], imaginary[LENGTH], cosines[LENGTH / 2], sines[LENGTH / 2];

/* Halves the angle again and again: square roots are exact on every machine. */
static void make_factors(void) {
  double cosine = -1, sine = 0;
  cosines[0] = 1;
  for (int step = LENGTH / 2; step >= 1; step /= 2) {
    if (step < LENGTH / 2) {
      double half = sqrt((1 + cosine) / 2);
      sine = step == LENGTH / 4 ? 1 : sine / (2 * half);
      cosine = step == LENGTH / 4 ? 0 : half;
      cosines[step] = cosine;
      sines[step] = sine;
    }
  }
  for (int i = 1; i < LENGTH / 2; i++) {
    int low = i & -i, rest = i - low;
    if (rest == 0) continue;
    cosines[i] = cosines[rest] * cosines[low] - sines[rest] * sines[low];
    sines[i] = sines[rest] * cosines[low] + cosines[rest] * sines[low];
  }
}

static void transform(double sign) {
  for (int i = 1, j = 0; i < LENGTH; i++) {
    int bit = LENGTH >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      double r = real[i], m = imaginary[i];
      real[i] = real[j], imaginary[i] = imaginary[j];
      real[j] = r, imaginary[j] = m;
    }
  }
  for (int half = 1; half < LENGTH; half *= 2) {
    int stride = LENGTH / 2 / half;
    for (int start = 0; start < LENGTH; start += 2 * half)
      for (int i = 0; i < half; i++) {
        double c = cosines[i * stride], s = sign * sines[i * stride];
        int a = start + i, b = a + half;
        double r = real[b] * c - imaginary[b] * s, m = real[b] * s + imaginary[b] * c;
        real[b] = real[a] - r, imaginary[b] = imaginary[a] - m;
        real[a] += r, imaginary[a] += m;
      }
  }
}

int main(int count, char **arguments) {
  int rounds = count > 1 ? atoi(arguments[1]) : 10;
  make_factors();
  for (int i = 0; i < LENGTH; i++) {
    real[i] = (double)(i * 7919LL % 1009) / 1009;
    imaginary[i] = (double)(i * 1047LL % 997) / 997;
  }
  for (int round = 0; round < rounds; round++) {
    transform(1);
    transform(-1);
    for (int i = 0; i < LENGTH; i++) real[i] /= LENGTH, imaginary[i] /= LENGTH;
  }
  uint64_t checksum = 0;
  for (int i = 0; i < LENGTH; i++) {
    uint64_t bits;
    memcpy(&bits, &real[i], sizeof bits);
    checksum = checksum * 1000003 + bits;
  }
  printf("%d rounds, checksum %016llx, real[1] %.12f\n", rounds, (unsigned long long)checksum, real[1]);
  return 0;
}

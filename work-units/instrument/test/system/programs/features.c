// Uses what compilers emit beyond the first version of WebAssembly: function pointers, wide switches, bulk memory, SIMD, 64-bit arithmetic.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int twice(int x) { return 2 * x; }
static int square(int x) { return x * x; }
static int (*volatile functions[])(int) = {twice, square};

static const char *name(int number) {
  switch (number) {
    case 0: return "zero";
    case 1: return "one";
    case 2: return "two";
    case 3: return "three";
    case 4: return "four";
    case 5: return "five";
    default: return "many";
  }
}

int main(void) {
  for (int i = 0; i < 8; i++) printf("%s %d\n", name(i), functions[i & 1](i));
  static int32_t a[1000], b[1000];
  for (int i = 0; i < 1000; i++) a[i] = i * 7 - 3, b[i] = (int8_t)i;
  int64_t sum = 0;
  for (int i = 0; i < 1000; i++) sum += (int64_t)a[i] * b[i];
  static char text[5000], copy[5000];
  memset(text, 'x', sizeof text);
  memcpy(copy, text, sizeof copy);
  memmove(copy + 1, copy, 4000);
  printf("%lld %c %d\n", (long long)sum, copy[4000], (int)(float)1e10f == 0x7fffffff);
  return 0;
}

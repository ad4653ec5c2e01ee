// Integer and floating-point work whose every printed digit must be as on a native machine.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 88172645463325252ull;
static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static int compare(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

int main(void) {
  enum { COUNT = 20000 };
  uint64_t *numbers = malloc(COUNT * sizeof *numbers);
  for (int i = 0; i < COUNT; i++) numbers[i] = next();
  qsort(numbers, COUNT, sizeof *numbers, compare);
  for (int i = 0; i < COUNT; i += 2500) printf("%016llx\n", (unsigned long long)numbers[i]);

  double sum = 0, root = 0;
  for (int i = 1; i <= 100000; i++) {
    sum += 1.0 / ((double)i * i);
    root += sqrt((double)i);
  }
  printf("%.17g %.17g %a\n", sum, root, sum / root);

  char text[] = "9007199254740993 0x1p-3 1e400 junk";
  char *end = text;
  for (int i = 0; i < 3; i++) printf("%.17g\n", strtod(end, &end));
  printf("rest:%s, %d %s\n", end, abs(-5), strstr("needle in haystack", "in"));
  free(numbers);
  return 0;
}

// Alignment kernel: local alignment with affine gaps (Gotoh) of random sequences of 600 bases.
// Usage: gotoh <pairs>; prints the sum of the scores.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { LENGTH = 600, MATCH = 5, MISMATCH = -4, OPEN = -10, EXTEND = -1, NEVER = -1000000 };
static uint8_t first[LENGTH], second[LENGTH];
static int scores[4][4], row[LENGTH + 1], gaps[LENGTH + 1];
static uint32_t state = 12345;

static uint32_t next(void) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

static int align(void) {
  int best = 0;
  for (int j = 0; j <= LENGTH; j++) {
    row[j] = 0;
    gaps[j] = NEVER;
  }
  for (int i = 1; i <= LENGTH; i++) {
    int diagonal = 0, gap = NEVER, left = 0;
    const int *score = scores[first[i - 1]];
    for (int j = 1; j <= LENGTH; j++) {
      int up = gaps[j] + EXTEND, open = row[j] + OPEN;
      gaps[j] = up > open ? up : open;
      int across = gap + EXTEND, start = left + OPEN;
      gap = across > start ? across : start;
      int value = diagonal + score[second[j - 1]];
      if (value < gaps[j]) value = gaps[j];
      if (value < gap) value = gap;
      if (value < 0) value = 0;
      diagonal = row[j];
      row[j] = left = value;
      if (value > best) best = value;
    }
  }
  return best;
}

int main(int count, char **arguments) {
  int pairs = count > 1 ? atoi(arguments[1]) : 100;
  for (int a = 0; a < 4; a++)
    for (int b = 0; b < 4; b++) scores[a][b] = a == b ? MATCH : MISMATCH;
  uint64_t total = 0;
  for (int pair = 0; pair < pairs; pair++) {
    for (int i = 0; i < LENGTH; i++) {
      first[i] = next() >> 8 & 3;
      second[i] = next() % 3 ? first[i] : next() >> 8 & 3;
    }
    total += align();
  }
  printf("%d pairs, total %llu\n", pairs, (unsigned long long)total);
  return 0;
}

// Memory kernel: fills many large blocks, then changes words all over them. Usage: memory <MiB> <rounds of a million changes>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK_MEBIBYTES = 64, BLOCK_WORDS = BLOCK_MEBIBYTES << 17, BLOCKS_MAXIMUM = 60 };
static uint64_t *blocks[BLOCKS_MAXIMUM];

static uint64_t *word(uint64_t index) { return &blocks[index / BLOCK_WORDS][index % BLOCK_WORDS]; }

int main(int count, char **arguments) {
  int block_count = (count > 1 ? atoi(arguments[1]) : BLOCK_MEBIBYTES) / BLOCK_MEBIBYTES;
  int rounds = count > 2 ? atoi(arguments[2]) : 1;
  if (block_count < 1 || block_count > BLOCKS_MAXIMUM) return 2;
  uint64_t words = (uint64_t)block_count * BLOCK_WORDS, state = 88172645463325252u, checksum = 0;
  for (int i = 0; i < block_count; i++) {
    blocks[i] = malloc(BLOCK_WORDS * sizeof **blocks);
    if (!blocks[i]) return 1;
  }
  for (uint64_t i = 0; i < words; i++) *word(i) = i * 0x9e3779b97f4a7c15u;
  for (int round = 0; round < rounds; round++)
    for (int i = 0; i < 1000000; i++) {
      state ^= state << 13, state ^= state >> 7, state ^= state << 17;
      *word(state % words) += state;
    }
  for (uint64_t i = 0; i < words; i++) checksum = checksum * 1000003 + *word(i);
  printf("%llu words, checksum %016llx\n", (unsigned long long)words, (unsigned long long)checksum);
  return 0;
}

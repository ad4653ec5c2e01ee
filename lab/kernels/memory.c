// Memory kernel: fills a large block, then changes words all over it. Usage: memory <MiB> <rounds of a million changes>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments) {
  size_t words = (count > 1 ? (size_t)atoi(arguments[1]) : 64) << 17;
  int rounds = count > 2 ? atoi(arguments[2]) : 1;
  uint64_t *block = malloc(words * sizeof *block), state = 88172645463325252u;
  if (!block) return 1;
  for (size_t i = 0; i < words; i++) block[i] = i * 0x9e3779b97f4a7c15u;
  for (int round = 0; round < rounds; round++)
    for (int i = 0; i < 1000000; i++) {
      state ^= state << 13, state ^= state >> 7, state ^= state << 17;
      block[state % words] += state;
    }
  uint64_t checksum = 0;
  for (size_t i = 0; i < words; i++) checksum = checksum * 1000003 + block[i];
  printf("%zu words, checksum %016llx\n", words, (unsigned long long)checksum);
  return 0;
}

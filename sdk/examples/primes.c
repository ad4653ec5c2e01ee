// Counts the primes below each limit given as an argument. Compile with any WASI toolchain, for example
// clang --target=wasm32-wasi -O2 -Wl,--strip-all -o primes.wasm primes.c
#include <stdio.h>
#include <stdlib.h>

static long countPrimes(long from, long to) {
  long count = 0;
  for (long number = from < 2 ? 2 : from; number < to; number++) {
    int isPrime = 1;
    for (long divisor = 2; divisor * divisor <= number; divisor++)
      if (number % divisor == 0) {
        isPrime = 0;
        break;
      }
    count += isPrime;
  }
  return count;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: primes FROM TO\n");
    return 2;
  }
  printf("%ld\n", countPrimes(atol(argv[1]), atol(argv[2])));
  return 0;
}

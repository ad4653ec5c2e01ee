// What a program must not find in a unit: time, randomness of its own, variables, anything outside the root folder.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static void attempt(const char *path) {
  int fd = open(path, O_RDONLY);
  printf("open %s: %s\n", path, fd >= 0 ? "opened" : strerror(errno));
}

int main(void) {
  struct timespec before, after;
  clock_gettime(CLOCK_MONOTONIC, &before);
  sleep(3600);
  clock_gettime(CLOCK_MONOTONIC, &after);
  time_t now = time(NULL);
  printf("%s", asctime(gmtime(&now)));
  printf("passed %lld\n", (long long)(after.tv_sec - before.tv_sec));
  unsigned char bytes[8];
  getentropy(bytes, sizeof bytes);
  for (size_t i = 0; i < sizeof bytes; i++) printf("%02x", bytes[i]);
  printf("\nHOME=%s MODE=%s\n", getenv("HOME") ? "set" : "unset", getenv("MODE") ? getenv("MODE") : "unset");
  attempt("/etc/passwd");
  attempt("../../etc/passwd");
  attempt("in/../../../etc/passwd");
  attempt("in/../in/data.txt");
  printf("terminal %d %d\n", isatty(0), isatty(1));
  return 0;
}

// Takes memory until there is none, touches all of it, gives it back, and says how much there was.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MIB = 1 << 20, MOST = 4096 };

int main(void) {
  static char *parts[MOST];
  int count = 0;
  while (count < MOST && (parts[count] = malloc(MIB))) memset(parts[count++], 1, MIB);
  for (int i = 0; i < count; i++) free(parts[i]);
  printf("%d\n", count);
  return 0;
}

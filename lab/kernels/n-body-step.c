// The n-body kernel for the cooperative ABI: the host calls init once, step until it returns 0, then finish.
#include <wasi/api.h>

#include "n-body.h"

enum { STEPS_PER_CALL = 200 };
static int steps, done;
static Law law;

__attribute__((export_name("init"))) void init(void) {
  size_t count, size;
  static char *arguments[64], buffer[4096];
  if (__wasi_args_sizes_get(&count, &size) || count > 64 || size > sizeof buffer) return;
  if (__wasi_args_get((uint8_t **)arguments, (uint8_t *)buffer)) return;
  steps = count > 1 ? atoi(arguments[1]) : 1000;
  start_bodies();
  law = laws[count > 0];
  accelerate(law);
}

__attribute__((export_name("step"))) int step(void) {
  for (int i = 0; i < STEPS_PER_CALL && done < steps; i++, done++) advance(law, 1e-4);
  return done < steps;
}

__attribute__((export_name("finish"))) void finish(void) {
  print_bodies(steps);
  fflush(stdout);
}

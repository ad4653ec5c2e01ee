// The n-body kernel as an ordinary program. Usage: n-body <steps>
#include "n-body.h"

int main(int count, char **arguments) {
  int steps = count > 1 ? atoi(arguments[1]) : 1000;
  start_bodies();
  Law law = laws[count > 0];
  accelerate(law);
  for (int i = 0; i < steps; i++) advance(law, 1e-4);
  print_bodies(steps);
  return 0;
}

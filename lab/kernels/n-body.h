// Call-heavy floating-point kernel: 64 bodies, forces through a function pointer in the inner loop, leapfrog steps.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODIES = 64 };
typedef struct {
  double x, y, z, vx, vy, vz, ax, ay, az, mass;
} Body;
typedef double (*Law)(double square_distance);

static Body bodies[BODIES];

static double newton(double square_distance) { return 1 / (square_distance * sqrt(square_distance)); }
static double softened(double square_distance) { return newton(square_distance + 1e-3); }
static Law laws[2] = {newton, softened};

static void accelerate(Law law) {
  for (int i = 0; i < BODIES; i++) bodies[i].ax = bodies[i].ay = bodies[i].az = 0;
  for (int i = 0; i < BODIES; i++)
    for (int j = i + 1; j < BODIES; j++) {
      double x = bodies[j].x - bodies[i].x, y = bodies[j].y - bodies[i].y, z = bodies[j].z - bodies[i].z;
      double pull = law(x * x + y * y + z * z);
      double to = pull * bodies[j].mass, from = pull * bodies[i].mass;
      bodies[i].ax += to * x, bodies[i].ay += to * y, bodies[i].az += to * z;
      bodies[j].ax -= from * x, bodies[j].ay -= from * y, bodies[j].az -= from * z;
    }
}

static void advance(Law law, double time) {
  for (int i = 0; i < BODIES; i++) {
    Body *b = &bodies[i];
    b->vx += b->ax * time / 2, b->vy += b->ay * time / 2, b->vz += b->az * time / 2;
    b->x += b->vx * time, b->y += b->vy * time, b->z += b->vz * time;
  }
  accelerate(law);
  for (int i = 0; i < BODIES; i++) {
    Body *b = &bodies[i];
    b->vx += b->ax * time / 2, b->vy += b->ay * time / 2, b->vz += b->az * time / 2;
  }
}

static void start_bodies(void) {
  uint32_t state = 2463534242u;
  double *values = (double *)bodies;
  for (int i = 0; i < BODIES * 10; i++) {
    state ^= state << 13, state ^= state >> 17, state ^= state << 5;
    values[i] = (double)state / 4294967296.0 - (i % 10 == 9 ? -0.1 : 0.5);
  }
}

static void print_bodies(int steps) {
  uint64_t checksum = 0, bits;
  for (int i = 0; i < BODIES; i++) {
    memcpy(&bits, &bodies[i].x, sizeof bits);
    checksum = checksum * 1000003 + bits;
  }
  printf("%d steps, checksum %016llx, x %.9f\n", steps, (unsigned long long)checksum, bodies[0].x);
}

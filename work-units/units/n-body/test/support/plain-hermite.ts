// The integrator in plain arrays: independent of the unit's code, with the same order of operations, so that every bit must agree.
import { type Body, bitsOf, printBodies, type Simulation, type Vector } from '../../src/index.js';

interface Moving {
  readonly mass: number;
  position: Vector;
  velocity: Vector;
  acceleration: Vector;
  jerk: Vector;
}

interface Place {
  readonly position: Vector;
  readonly velocity: Vector;
}

const map = (compute: (axis: 0 | 1 | 2) => number): Vector => [compute(0), compute(1), compute(2)];
const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Acceleration and jerk of each body at the given places. */
function forces(masses: readonly number[], places: readonly Place[], softening: number): [Vector, Vector][] {
  const result: [Vector, Vector][] = masses.map(() => [
    [0, 0, 0],
    [0, 0, 0],
  ]);
  const give = (body: number, mass: number, [pull, change]: [Vector, Vector]) => {
    const [acceleration, jerk] = result[body] as [Vector, Vector];
    result[body] = [
      map((axis) => acceleration[axis] + mass * pull[axis]),
      map((axis) => jerk[axis] + mass * change[axis]),
    ];
  };
  for (const [i, left] of places.entries()) {
    for (let j = i + 1; j < places.length; j++) {
      const right = places[j] as Place;
      const separation = map((axis) => right.position[axis] - left.position[axis]);
      const drift = map((axis) => right.velocity[axis] - left.velocity[axis]);
      const plain = dot(separation, separation);
      const square = softening === 0 ? plain : plain + softening * softening;
      const strength = 1 / (square * Math.sqrt(square));
      const approach = (3 * dot(separation, drift)) / square;
      const pull = map((axis) => strength * separation[axis]);
      const change = map((axis) => strength * (drift[axis] - approach * separation[axis]));
      give(i, masses[j] as number, [pull, change]);
      give(j, -(masses[i] as number), [pull, change]);
    }
  }
  return result;
}

function energy(bodies: readonly Body[], softening: number): number {
  let kinetic = 0;
  for (const { mass, velocity } of bodies) kinetic += mass * dot(velocity, velocity);
  let potential = 0;
  for (const [i, left] of bodies.entries()) {
    for (const right of bodies.slice(i + 1)) {
      const separation = map((axis) => right.position[axis] - left.position[axis]);
      potential -= (left.mass * right.mass) / Math.sqrt(dot(separation, separation) + softening * softening);
    }
  }
  return kinetic * 0.5 + potential;
}

function predicted({ position, velocity, acceleration, jerk }: Moving, time: number): Place {
  const [half, third] = [time * 0.5, time / 3];
  return {
    position: map(
      (axis) => position[axis] + time * (velocity[axis] + half * (acceleration[axis] + third * jerk[axis])),
    ),
    velocity: map((axis) => velocity[axis] + time * (acceleration[axis] + half * jerk[axis])),
  };
}

function correct(body: Moving, [acceleration, jerk]: [Vector, Vector], time: number): void {
  const [half, twelfth] = [time * 0.5, (time * time) / 12];
  const { velocity: v, position: x, acceleration: a, jerk: j } = body;
  body.velocity = map((axis) => v[axis] + half * (a[axis] + acceleration[axis]) + twelfth * (j[axis] - jerk[axis]));
  const w = body.velocity;
  body.position = map((axis) => x[axis] + half * (v[axis] + w[axis]) + twelfth * (a[axis] - acceleration[axis]));
  body.acceleration = acceleration;
  body.jerk = jerk;
}

/** The bytes that SPEC.md demands of the unit. */
export function plainOutput({
  bodies,
  steps,
  stepTime,
  softening = 0,
  interval = 0,
}: Omit<Simulation, 'name'>): string {
  const masses = bodies.map(({ mass }) => mass);
  const start = forces(masses, bodies, softening);
  const moving = bodies.map((body, index): Moving => {
    const [acceleration, jerk] = start[index] as [Vector, Vector];
    return { ...body, acceleration, jerk };
  });
  const lines = [`#n-body/1\t${bodies.length}\t${steps}\t${bitsOf(stepTime)}\t${bitsOf(softening)}\t${interval}`];
  lines.push(`energy\t0\t${bitsOf(energy(moving, softening))}`);
  for (let step = 1; step <= steps; step++) {
    const next = forces(
      masses,
      moving.map((body) => predicted(body, stepTime)),
      softening,
    );
    for (const [index, body] of moving.entries()) correct(body, next[index] as [Vector, Vector], stepTime);
    if (step === steps || (interval > 0 && step % interval === 0)) {
      lines.push(`energy\t${step}\t${bitsOf(energy(moving, softening))}`);
    }
  }
  return `${lines.join('\n')}\n${printBodies(moving)}`;
}

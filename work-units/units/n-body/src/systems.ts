// Systems to start from. The gravitational constant is 1; the centre of mass rests at the origin.
import type { Body, Vector } from './bodies.js';

/** The time after which the figure eight repeats. */
export const FIGURE_EIGHT_PERIOD = 6.32591398;

/** The orbit of three equal masses on one figure eight, of A. Chenciner and R. Montgomery (2000); C. Simó's numbers as they give them. */
export function figureEight(): Body[] {
  const [x, y] = [0.97000436, -0.24308753];
  const [vx, vy] = [-0.93240737, -0.86473146];
  return [
    { mass: 1, position: [x, y, 0], velocity: [-vx / 2, -vy / 2, 0] },
    { mass: 1, position: [-x, -y, 0], velocity: [-vx / 2, -vy / 2, 0] },
    { mass: 1, position: [0, 0, 0], velocity: [vx, vy, 0] },
  ];
}

export interface Binary {
  readonly masses: readonly [number, number];
  /** Half the long axis of the relative orbit. */
  readonly semiMajorAxis: number;
  /** 0 (a circle) to below 1. */
  readonly eccentricity: number;
}

/** Two bodies at their closest, on the x axis. The period is 2 pi sqrt(axis³ / (sum of the masses)). */
export function binary({ masses: [left, right], semiMajorAxis, eccentricity }: Binary): Body[] {
  const total = left + right;
  const distance = semiMajorAxis * (1 - eccentricity);
  const speed = Math.sqrt((total * (1 + eccentricity)) / distance);
  return [
    { mass: left, position: [(-right / total) * distance, 0, 0], velocity: [0, (-right / total) * speed, 0] },
    { mass: right, position: [(left / total) * distance, 0, 0], velocity: [0, (left / total) * speed, 0] },
  ];
}

export interface Sphere {
  readonly bodies: number;
  /** No component of a velocity is larger. Below about 0.6 the sphere falls together. */
  readonly speed: number;
}

/** A sphere of radius 1 and mass 1, filled evenly by Halton's sequences: a quiet start, and the same on every machine. */
export function quietSphere({ bodies: count, speed }: Sphere): Body[] {
  const bodies: Body[] = [];
  for (let index = 1; bodies.length < count; index++) {
    const position = halton(index, [2, 3, 5]);
    const [x, y, z] = position;
    if (x * x + y * y + z * z > 1) continue;
    const [vx, vy, vz] = halton(index, [7, 11, 13]);
    bodies.push({ mass: 1 / count, position, velocity: [vx * speed, vy * speed, vz * speed] });
  }
  return centred(bodies);
}

/** A point of the cube from -1 to 1. */
function halton(index: number, [x, y, z]: Vector): Vector {
  return [2 * mirrored(index, x) - 1, 2 * mirrored(index, y) - 1, 2 * mirrored(index, z) - 1];
}

/** The digits of a number in a base, mirrored at the point. */
function mirrored(index: number, base: number): number {
  let [value, place] = [0, 1];
  for (let rest = index; rest > 0; rest = Math.floor(rest / base)) {
    place /= base;
    value += place * (rest % base);
  }
  return value;
}

/** Equal masses moved so that their centre rests at the origin. */
function centred(bodies: readonly Body[]): Body[] {
  const mean = (vectors: readonly Vector[]) =>
    ([0, 1, 2] as const).map((axis) => vectors.reduce((sum, vector) => sum + vector[axis], 0) / bodies.length);
  const minus = (vector: Vector, [x = 0, y = 0, z = 0]: number[]): Vector => [
    vector[0] - x,
    vector[1] - y,
    vector[2] - z,
  ];
  const position = mean(bodies.map((body) => body.position));
  const velocity = mean(bodies.map((body) => body.velocity));
  return bodies.map((body) => ({
    mass: body.mass,
    position: minus(body.position, position),
    velocity: minus(body.velocity, velocity),
  }));
}

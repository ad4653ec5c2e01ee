// The reducer: how well each simulation of a plan kept what nature keeps.
import type { Body, Vector } from './bodies.js';
import type { Run } from './output.js';

export interface NamedRun {
  readonly name: string;
  readonly run: Run;
}

export interface Summary {
  readonly name: string;
  /** The largest |E - E(0)| / |E(0)| printed. */
  readonly energyError: number;
  /** The length of the total momentum in the end. */
  readonly momentum: number;
  /** The total angular momentum in the end. */
  readonly angularMomentum: Vector;
}

/** One line for each run, worst energy error first, equal ones by name. */
export function summarise(runs: readonly NamedRun[]): Summary[] {
  return runs
    .map(({ name, run }) => ({
      name,
      energyError: energyErrorOf(run),
      momentum: Math.hypot(...momentumOf(run.bodies)),
      angularMomentum: angularMomentumOf(run.bodies),
    }))
    .sort((left, right) => right.energyError - left.energyError || (left.name < right.name ? -1 : 1));
}

function energyErrorOf({ energies }: Run): number {
  const start = energies[0]?.energy ?? 0;
  return Math.max(...energies.map(({ energy }) => Math.abs((energy - start) / start)));
}

/** The sum of mass times velocity. */
export function momentumOf(bodies: readonly Body[]): Vector {
  return total(bodies.map(({ mass, velocity: [x, y, z] }) => [mass * x, mass * y, mass * z]));
}

/** The sum of mass times position times velocity, about the origin. */
export function angularMomentumOf(bodies: readonly Body[]): Vector {
  return total(
    bodies.map(({ mass, position: [x, y, z], velocity: [vx, vy, vz] }) => [
      mass * (y * vz - z * vy),
      mass * (z * vx - x * vz),
      mass * (x * vy - y * vx),
    ]),
  );
}

function total(vectors: readonly Vector[]): Vector {
  return vectors.reduce(([x, y, z], [dx, dy, dz]) => [x + dx, y + dy, z + dz], [0, 0, 0]);
}

// The unit against orbits that are known: Kepler's, and the figure eight.
import { expect, test } from 'vitest';
import { type Binary, type Body, binary, FIGURE_EIGHT_PERIOD, figureEight, type Vector } from '../../src/index.js';
import { simulate } from '../support/run-unit.js';

// Real work, and test machines may be busy.

const TWO_PI = 2 * Math.PI;

function distance(left: Vector, right: Vector): number {
  return Math.hypot(...left.map((value, axis) => value - (right[axis] ?? 0)));
}

/** How far apart the same bodies of two systems are at most, in position and in velocity. */
function gap(left: readonly Body[], right: readonly Body[]): number {
  const gaps = left.map((body, index) => {
    const other = right[index] ?? body;
    return Math.max(distance(body.position, other.position), distance(body.velocity, other.velocity));
  });
  return left.length === right.length ? Math.max(...gaps) : Number.POSITIVE_INFINITY;
}

/** The analytic solution: Kepler's equation by Newton's method, `time` after the closest approach. */
function kepler({ masses: [left, right], semiMajorAxis: a, eccentricity: e }: Binary, time: number): Body[] {
  const total = left + right;
  const motion = Math.sqrt(total / a ** 3);
  let anomaly = motion * time;
  for (let round = 0; round < 50; round++) {
    anomaly -= (anomaly - e * Math.sin(anomaly) - motion * time) / (1 - e * Math.cos(anomaly));
  }
  const [cos, sin, root] = [Math.cos(anomaly), Math.sin(anomaly), Math.sqrt(1 - e * e)];
  const rate = motion / (1 - e * cos);
  const relative: Vector[] = [
    [a * (cos - e), a * root * sin, 0],
    [-a * sin * rate, a * root * cos * rate, 0],
  ];
  const body = (mass: number, share: number): Body => {
    const [position, velocity] = relative.map(([x, y, z]): Vector => [share * x, share * y, share * z]) as [
      Vector,
      Vector,
    ];
    return { mass, position, velocity };
  };
  return [body(left, -right / total), body(right, left / total)];
}

const CIRCLE: Binary = { masses: [1, 1], semiMajorAxis: 1, eccentricity: 0 };
const ELLIPSE: Binary = { masses: [3, 1], semiMajorAxis: 1.5, eccentricity: 0.6 };

test.each([
  ['a circle', CIRCLE, 1e-9],
  ['an ellipse', ELLIPSE, 1e-7],
])('two bodies on %s follow the analytic solution for a period and a bit', (_, orbit, tolerance) => {
  const period = TWO_PI * Math.sqrt(orbit.semiMajorAxis ** 3 / (orbit.masses[0] + orbit.masses[1]));
  for (const part of [0.25, 0.5, 1, 1.3]) {
    const steps = 4000 * part;
    const { bodies } = simulate({ bodies: binary(orbit), steps, stepTime: period / 4000 });
    expect(gap(bodies, kepler(orbit, period * part)), `${part}`).toBeLessThan(tolerance);
  }
});

test('half the step, a sixteenth of the error: the scheme is of fourth order', () => {
  const errors = [250, 500, 1000].map((steps) => {
    const { bodies } = simulate({ bodies: binary(ELLIPSE), steps, stepTime: 2 / steps });
    return gap(bodies, kepler(ELLIPSE, 2));
  });
  const [coarse = 0, middle = 0, fine = 0] = errors;
  expect(fine).toBeLessThan(1e-6);
  for (const ratio of [coarse / middle, middle / fine]) {
    expect(ratio).toBeGreaterThan(12);
    expect(ratio).toBeLessThan(20);
  }
});

test('three bodies on the figure eight are back where they started after the period', () => {
  const start = figureEight();
  const run = (part: number) => simulate({ bodies: start, steps: 6000 * part, stepTime: FIGURE_EIGHT_PERIOD / 6000 });
  // The published numbers have eight digits.
  expect(gap(run(1).bodies, start)).toBeLessThan(5e-7);
  expect(gap(run(0.5).bodies, start)).toBeGreaterThan(0.5);
  // After a third of the period each has taken the place of another.
  const third = run(1 / 3).bodies;
  const cycles = [
    [1, 2, 0],
    [2, 0, 1],
  ].map((order) =>
    gap(
      third,
      order.map((index) => start[index] as Body),
    ),
  );
  expect(Math.min(...cycles)).toBeLessThan(5e-7);
});

test('softened bodies pass through each other, and come back', () => {
  const bodies: Body[] = [-1, 1].map((x) => ({ mass: 1, position: [x, 0, 0], velocity: [0, 0, 0] }));
  const { energies, bodies: end } = simulate({ bodies, steps: 20_000, stepTime: 0.001, softening: 0.5, interval: 100 });
  const start = energies[0]?.energy ?? 0;
  expect(start).toBeCloseTo(-1 / Math.sqrt(4.25), 14);
  for (const { energy } of energies) expect(Math.abs(energy - start)).toBeLessThan(1e-9);
  expect(Math.abs((end[0]?.position[0] ?? 0) + (end[1]?.position[0] ?? 0))).toBeLessThan(1e-12);
});

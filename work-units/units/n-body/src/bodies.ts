// Bodies, and their text form: the unit reads and prints the same lines.
import { bitsOf, floatOf } from './bits.js';

/** x, y, z */
export type Vector = readonly [number, number, number];

/** In units in which the gravitational constant is 1. */
export interface Body {
  readonly mass: number;
  readonly position: Vector;
  readonly velocity: Vector;
}

/** One line for each body: mass, position and velocity, as bits, between tabs. */
export function printBodies(bodies: readonly Body[]): string {
  return bodies
    .map(({ mass, position, velocity }) => `${[mass, ...position, ...velocity].map(bitsOf).join('\t')}\n`)
    .join('');
}

const LINE = /^[\da-f]{16}(\t[\da-f]{16}){6}$/;

/** The body of a line, or undefined when the line is none. */
export function parseBody(line: string): Body | undefined {
  if (!LINE.test(line)) return undefined;
  const [mass, x, y, z, vx, vy, vz] = line.split('\t').map(floatOf) as [number, ...Vector, ...Vector];
  return { mass, position: [x, y, z], velocity: [vx, vy, vz] };
}

// One unit for each simulation.
import { bitsOf } from './bits.js';
import { type Body, printBodies } from './bodies.js';
import { NBodyError } from './errors.js';
import { quietSphere } from './systems.js';

export const MAX_BODIES = 4096;
export const MAX_STEPS = 1_000_000_000;

export interface Simulation {
  /** Unique among the simulations of a plan. */
  readonly name: string;
  /** 2 to 4,096. */
  readonly bodies: readonly Body[];
  readonly steps: number;
  /** The time of one step, above 0, in the units of the bodies. */
  readonly stepTime: number;
  /** Plummer's softening length; 0 (the default): Newton's law. */
  readonly softening?: number;
  /** Print the energy after every so many steps; by default only at the start and at the end. */
  readonly interval?: number;
}

/** What one unit gets. */
export interface PlannedUnit {
  readonly name: string;
  /** The arguments after the program's name. */
  readonly args: readonly string[];
  readonly stdin: Uint8Array<ArrayBuffer>;
}

/**
 * One unit for each simulation, in the same order.
 * @throws NBodyError N_BODY_PLAN_INVALID
 */
export function planUnits(simulations: readonly Simulation[]): PlannedUnit[] {
  if (new Set(simulations.map(({ name }) => name)).size < simulations.length)
    throw invalid('two simulations have one name');
  return simulations.map(planUnit);
}

function planUnit(simulation: Simulation): PlannedUnit {
  const { name, bodies, steps, stepTime, softening = 0, interval } = simulation;
  if (bodies.length < 2 || bodies.length > MAX_BODIES)
    throw invalid(`${name}: there must be 2 to ${MAX_BODIES} bodies`);
  if (!bodies.every(isSound)) throw invalid(`${name}: a number of a body is not finite, or a mass is below 0`);
  if (![steps, interval ?? 1].every(isCount)) throw invalid(`${name}: steps and interval must be 1 to ${MAX_STEPS}`);
  if (!(stepTime > 0 && stepTime < Infinity)) throw invalid(`${name}: the step time must be above 0`);
  if (!(softening >= 0 && softening < Infinity)) throw invalid(`${name}: the softening must be 0 or more`);
  return {
    name,
    args: [`${steps}`, bitsOf(stepTime), bitsOf(softening), ...(interval === undefined ? [] : [`${interval}`])],
    stdin: new TextEncoder().encode(printBodies(bodies)),
  };
}

function isSound({ mass, position, velocity }: Body): boolean {
  return mass >= 0 && [mass, ...position, ...velocity].every(Number.isFinite);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= MAX_STEPS;
}

function invalid(message: string): NBodyError {
  return new NBodyError('N_BODY_PLAN_INVALID', message);
}

/** 5 to 10 s of work on one core: a cold sphere of 256 bodies that falls together. For both modules. */
export function benchmarkUnit(): PlannedUnit {
  return planUnit({
    name: 'cold-sphere',
    bodies: quietSphere({ bodies: 256, speed: 0.3 }),
    steps: 10_000,
    stepTime: 1 / 2048,
    softening: 1 / 64,
    interval: 500,
  });
}

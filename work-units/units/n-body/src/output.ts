// Parses what the unit prints; see SPEC.md, "Output".
import { floatOf } from './bits.js';
import { type Body, parseBody } from './bodies.js';
import { NBodyError } from './errors.js';

/** The total energy after a number of steps. */
export interface EnergyPoint {
  readonly step: number;
  readonly energy: number;
}

export interface Run {
  readonly steps: number;
  readonly stepTime: number;
  readonly softening: number;
  /** At the start, after each interval, at the end. */
  readonly energies: readonly EnergyPoint[];
  /** The bodies in the end, in the order of the input. */
  readonly bodies: readonly Body[];
}

const HEADER = /^#n-body\/1\t(\d{1,4})\t(\d{1,10})\t([\da-f]{16})\t([\da-f]{16})\t(\d{1,10})$/;
const ENERGY = /^energy\t(\d{1,10})\t([\da-f]{16})$/;

/**
 * Parses one unit's standard output.
 * @throws NBodyError N_BODY_OUTPUT_INVALID when it breaks the format or contradicts itself
 */
export function parseOutput(stdout: string): Run {
  const lines = stdout.split('\n');
  const [, count = '', steps = '', stepTime = '', softening = '', interval = ''] = HEADER.exec(lines[0] ?? '') ?? [];
  if (count === '') throw invalid('the header is missing');
  const expected = stepsOfEnergies(Number(steps), Number(interval));
  if (lines.length !== 2 + expected.length + Number(count) || lines.at(-1) !== '')
    throw invalid('lines are missing or too many');
  return {
    steps: Number(steps),
    stepTime: floatOf(stepTime),
    softening: floatOf(softening),
    energies: expected.map((step, index) => parseEnergy(lines[index + 1] ?? '', step)),
    bodies: lines.slice(1 + expected.length, -1).map((line) => {
      const body = parseBody(line);
      if (body === undefined || ![body.mass, ...body.position, ...body.velocity].every(Number.isFinite)) {
        throw invalid(`no body: ${JSON.stringify(line.slice(0, 120))}`);
      }
      return body;
    }),
  };
}

function stepsOfEnergies(steps: number, interval: number): number[] {
  const between = interval === 0 ? 0 : Math.floor((steps - 1) / interval);
  return [0, ...Array.from({ length: between }, (_, index) => (index + 1) * interval), steps];
}

function parseEnergy(line: string, step: number): EnergyPoint {
  const [, at, bits = ''] = ENERGY.exec(line) ?? [];
  if (at !== `${step}`) throw invalid(`expected the energy after ${step} steps`);
  return { step, energy: floatOf(bits) };
}

function invalid(message: string): NBodyError {
  return new NBodyError('N_BODY_OUTPUT_INVALID', message);
}

// Runs a unit as volunteers do: instrumented, in each of its builds, at one go and in slices with a snapshot after each.
import { createHash } from 'node:crypto';
import { buildApp } from '@manyhands/instrument';
import {
  DEFAULT_UNIT_LIMITS,
  type MachineOptions,
  runUnit,
  type UnitInput,
  UnitMachine,
  type UnitOutcome,
} from '@manyhands/runtime';
import { expect } from 'vitest';
import type { ProgramInput, ProgramOutput } from './run-program.js';

const MEMORY_MAXIMUM_BYTES = 2 ** 26;
const MODULE_MAXIMUM_BYTES = 2 ** 20;
/** Small, so that short tests pass many marks. */
const MARK_SPACING = 2_000_003;
const FUEL_MAXIMUM = 2 ** 50;

/** A unit's module in its builds. */
export interface Builds {
  readonly abi: 'command' | 'step';
  readonly modules: readonly (readonly [MachineOptions['build'], Uint8Array<ArrayBuffer>])[];
}

export interface EngineInput extends Omit<ProgramInput, 'readBytes' | 'stdoutErrno'> {
  /** Files in the root folder. */
  readonly files?: UnitInput['files'];
}

/** Makes all builds of a compiled unit. */
export async function buildsOf(wasm: Uint8Array): Promise<Builds> {
  const { abi, builds } = await buildApp(wasm, {
    memoryMaximumBytes: MEMORY_MAXIMUM_BYTES,
    moduleMaximumBytes: MODULE_MAXIMUM_BYTES,
  });
  const modules = Object.entries(builds) as [MachineOptions['build'], Uint8Array][];
  return { abi, modules: modules.map(([build, bytes]) => [build, new Uint8Array(bytes)]) };
}

/**
 * Runs a unit in all its builds, each at one go and in slices. Every run must give the expected output; fuel must be equal in all runs, and the chain in
 * all runs of one build. Returns the fuel and how many marks were passed.
 */
export function expectEqualRuns({ modules }: Builds, input: EngineInput, expected: ProgramOutput) {
  const fuels = modules.map(([build, bytes]) => {
    const module = new WebAssembly.Module(bytes);
    const options = { build, moduleCid: createHash('sha256').update(bytes).digest('hex'), markSpacing: MARK_SPACING };
    const whole = runUnit(module, unitInput(input), options);
    expect(outputOf(whole), build).toEqual(expected);
    const provenance = provenanceOf(whole);
    const sliceFuel = Math.max(1000, Math.ceil(provenance.fuel / 7.3));
    const sliced = runInSlices(module, unitInput(input), { ...options, sliceFuel });
    expect(outputOf(sliced), `${build}, in slices`).toEqual(expected);
    expect(provenanceOf(sliced), `${build}, in slices`).toEqual(provenance);
    return { fuel: provenance.fuel, marks: provenance.chain.length };
  });
  const [first] = fuels;
  if (first === undefined) throw new Error('an app has builds');
  expect(fuels).toEqual(fuels.map(() => first));
  return first;
}

/** Each slice in an instance of its own, made from the snapshot of the one before. */
function runInSlices(
  module: WebAssembly.Module,
  input: UnitInput,
  options: MachineOptions & { sliceFuel: number },
): UnitOutcome {
  let machine = UnitMachine.start(module, input, options);
  for (;;) {
    const end = machine.runSlice(options.sliceFuel);
    if (end.kind === 'ended') return end.outcome;
    machine = UnitMachine.start(module, input, { ...options, snapshot: machine.snapshot() });
  }
}

function unitInput({ args, stdin = '', files = [] }: EngineInput): UnitInput {
  return {
    args,
    stdin: new TextEncoder().encode(stdin),
    files,
    collect: [],
    okExitCodes: [0],
    seed: new Uint8Array(32),
    limits: { ...DEFAULT_UNIT_LIMITS, memoryMaximumBytes: MEMORY_MAXIMUM_BYTES },
    fuelMaximum: FUEL_MAXIMUM,
  };
}

function outputOf(outcome: UnitOutcome): ProgramOutput | string {
  if (outcome.kind === 'success') {
    return { exitCode: 0, stdout: new TextDecoder().decode(outcome.stdout), stderr: outcome.stderrTail };
  }
  if (outcome.kind !== 'unit-failure' || outcome.exitCode === null) return `${outcome.code}: ${outcome.message}`;
  return { exitCode: outcome.exitCode, stdout: '', stderr: outcome.stderrTail };
}

function provenanceOf(outcome: UnitOutcome): { fuel: number; chain: string[] } {
  if (outcome.kind !== 'success' && outcome.kind !== 'unit-failure') throw new Error(outcome.message);
  return { fuel: outcome.fuel, chain: outcome.links.map((link) => Buffer.from(link).toString('hex')) };
}

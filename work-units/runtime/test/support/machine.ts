// Modules through the real pipeline, and machines that run them.

import type { Build } from '@manyhands/contract';
import { buildApp } from '@manyhands/instrument';
import { type MachineOptions, type RunOptions, UnitMachine, type UnitOutcome } from '../../src/index.js';
import { unitInput } from './guest.js';
import { buildModule, I32, I64, i32, type TestModule } from './wasm-builder.js';

const MEBIBYTE = 1024 * 1024;
export const SPACING = 20_000;

export type Prepared = Readonly<Record<Build, WebAssembly.Module>>;
type Input = Parameters<typeof unitInput>[0];

/**
 * A step build by hand, with code for `step` (function 2: () -> i32) that the pipeline would have instrumented; globals 0 to 3 are fuel, floor, depth and
 * the flag of refused growth.
 */
export function rawStep(parts: { step: readonly number[]; growthRefused?: number }): WebAssembly.Module {
  const constant = (value: number): number[] => [I64, 1, 0x42, value, 0x0b];
  const wasm = buildModule({
    types: [{ parameters: [], results: [I32] }],
    functions: [{ code: [] }, { code: [] }, { type: 1, code: parts.step }],
    globals: [constant(0), constant(0), constant(8), [I32, 1, ...i32(parts.growthRefused ?? 0), 0x0b]],
    exports: [
      { name: 'init', kind: 0, index: 0 },
      { name: 'finish', kind: 0, index: 1 },
      { name: 'step', kind: 0, index: 2 },
      ...['fuel', 'floor', 'depth', 'growth-refused'].map((name, index) => ({
        name: `manyhands:${name}`,
        kind: 3,
        index,
      })),
    ],
  });
  return new WebAssembly.Module(wasm);
}

/** All builds of a module; those of the other ABI are missing and only claimed by the type. */
export async function prepare(
  wasm: Uint8Array | TestModule,
  memoryMaximumBytes: number = 16 * MEBIBYTE,
): Promise<Prepared> {
  const bytes = wasm instanceof Uint8Array ? wasm : buildModule(wasm);
  const { builds } = await buildApp(bytes, { memoryMaximumBytes, moduleMaximumBytes: 64 * MEBIBYTE });
  const modules = Object.entries(builds).map(([build, prepared]) => [
    build,
    new WebAssembly.Module(prepared as Uint8Array<ArrayBuffer>),
  ]);
  return Object.fromEntries(modules);
}

/** Marks lie close together, so that short programs pass many. */
export function runOptions(build: Build, changes: Partial<MachineOptions> = {}): MachineOptions {
  return { build, moduleCid: `cid of ${build}`, markSpacing: SPACING, ...changes };
}

/** Runs to the end in slices of `sliceFuel(index)`, unbroken when absent. `between` may give another machine to go on with. */
export function runMachine(
  machine: UnitMachine,
  sliceFuel: (index: number) => number = () => 2 ** 40,
  between: (machine: UnitMachine, index: number) => UnitMachine = (same) => same,
): UnitOutcome {
  let current = machine;
  for (let index = 0; ; index++) {
    const end = current.runSlice(sliceFuel(index));
    if (end.kind === 'ended') return end.outcome;
    current = between(current, index);
  }
}

export async function runPrepared(
  wasm: Uint8Array | TestModule,
  input: Input = {},
  options: Partial<RunOptions> = {},
): Promise<UnitOutcome> {
  const prepared = await prepare(wasm);
  const build = options.build ?? 'nonleaf';
  return runMachine(UnitMachine.start(prepared[build], unitInput(input), runOptions(build, options)));
}

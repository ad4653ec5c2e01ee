// Modules through the real pipeline, and machines that run them.

import type { Build } from '@manyhands/contract';
import { buildApp } from '@manyhands/instrument';
import { type MachineOptions, type RunOptions, UnitMachine, type UnitOutcome } from '@manyhands/runtime';
import { unitInput } from './guest.js';
import { buildModule, type TestModule } from './wasm-builder.js';

const MEBIBYTE = 1024 * 1024;
export const SPACING = 20_000;

export type Prepared = Readonly<Record<Build, WebAssembly.Module>>;
type Input = Parameters<typeof unitInput>[0];

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

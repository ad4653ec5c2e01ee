// The units of the pool's benchmark: Lucas-Lehmer iterations, as many as take the wanted time.
import { rawCidOf } from '@manyhands/contract';
import { buildApp } from '@manyhands/instrument';
import { DEFAULT_UNIT_LIMITS, runUnit, type UnitInput } from '@manyhands/runtime';
import { lucasLehmerModule } from '@manyhands/unit-lucas-lehmer';

const MEBIBYTE = 1024 * 1024;
const MEMORY_MAXIMUM_BYTES = 16 * MEBIBYTE;
export const MARK_SPACING = 2 ** 32;
export const LIMITS = { ...DEFAULT_UNIT_LIMITS, memoryMaximumBytes: MEMORY_MAXIMUM_BYTES };
const SMALL_EXPONENT = 1_279;
const LARGE_EXPONENT = 44_497;
const LARGE_FROM_MS = 20;

export type PoolModule = { wasm: Uint8Array<ArrayBuffer>; name: string };
export type PoolUnit = { exponent: number; iterations: number };

export async function poolModule(): Promise<PoolModule> {
  const limits = { memoryMaximumBytes: MEMORY_MAXIMUM_BYTES, moduleMaximumBytes: 4 * MEBIBYTE };
  const { builds } = await buildApp(lucasLehmerModule(), limits);
  if (!('nonleaf' in builds)) throw new Error('the unit is a command');
  const wasm = new Uint8Array(builds.nonleaf);
  return { wasm, name: rawCidOf(wasm) };
}

/** Small numbers for short units: making the tables of a large one would be most of the work. */
export const exponentFor = (unitMs: number): number => (unitMs < LARGE_FROM_MS ? SMALL_EXPONENT : LARGE_EXPONENT);

export const argumentsOf = ({ exponent, iterations }: PoolUnit): string[] =>
  ['lucas-lehmer', exponent, exponent - 3, iterations].map(String);

/** Runs a unit in this thread, without any pool; the time it took, compiling left out. */
export function runner({ wasm, name }: PoolModule): (unit: PoolUnit) => number {
  const compiled = new WebAssembly.Module(wasm);
  return (unit) => {
    const beganAtMs = performance.now();
    const outcome = runUnit(compiled, inputOf(unit), { build: 'nonleaf', moduleCid: name, markSpacing: MARK_SPACING });
    if (outcome.kind !== 'success') throw new Error(`a unit of the benchmark ended with ${outcome.code}`);
    return performance.now() - beganAtMs;
  };
}

function inputOf(unit: PoolUnit): UnitInput {
  return {
    args: argumentsOf(unit),
    stdin: new Uint8Array(0),
    files: [],
    collect: [],
    okExitCodes: [0],
    seed: new Uint8Array(32),
    limits: LIMITS,
    fuelMaximum: Number.MAX_SAFE_INTEGER,
  };
}

// The units of the pool's benchmark: Lucas-Lehmer iterations, as many as take the wanted time, alone and without any pool.
import { rawCidOf } from '@manyhands/contract';
import { buildApp } from '@manyhands/instrument';
import { DEFAULT_UNIT_LIMITS, runUnit, type UnitInput } from '@manyhands/runtime';
import { lucasLehmerModule } from '@manyhands/unit-lucas-lehmer';

const MEBIBYTE = 1024 * 1024;
const MEMORY_MAXIMUM_BYTES = 16 * MEBIBYTE;
export const MARK_SPACING = 2 ** 32;
export const LIMITS = { ...DEFAULT_UNIT_LIMITS, memoryMaximumBytes: MEMORY_MAXIMUM_BYTES };
/** Small numbers for short units: making the tables of a large one would be most of the work. */
const EXPONENTS: readonly { fromMs: number; exponent: number; probe: number }[] = [
  { fromMs: 0, exponent: 1_279, probe: 1_200 },
  { fromMs: 20, exponent: 44_497, probe: 400 },
];

/** A unit and the CPU time of its iterations alone, without compiling, starting or ending anything. */
export type PoolUnit = { args: string[]; usefulMs: number };
export type PoolModule = { wasm: Uint8Array; name: string; compiled: WebAssembly.Module };

export async function poolModule(): Promise<PoolModule> {
  const limits = { memoryMaximumBytes: MEMORY_MAXIMUM_BYTES, moduleMaximumBytes: 4 * MEBIBYTE };
  const { builds } = await buildApp(lucasLehmerModule(), limits);
  if (!('nonleaf' in builds)) throw new Error('the unit is a command');
  const wasm = new Uint8Array(builds.nonleaf);
  return { wasm, name: rawCidOf(wasm), compiled: new WebAssembly.Module(wasm) };
}

/** A unit of about `wantedMs`, by what iterations take in this process now. */
export function unitOfMs(module: PoolModule, wantedMs: number): PoolUnit {
  const { exponent, probe } = EXPONENTS.findLast(({ fromMs }) => wantedMs >= fromMs) ?? {
    exponent: 1_279,
    probe: 1_200,
  };
  const argumentsFor = (iterations: number): string[] => {
    const count = Math.max(1, Math.min(exponent - 2, iterations));
    return ['lucas-lehmer', String(exponent), String(exponent - 3), String(count)];
  };
  const half = Math.floor(probe / 2);
  for (const warmUp of [probe, probe, probe]) cpuMsOf(module, argumentsFor(warmUp));
  const times = (count: number): number => Math.min(...[1, 2, 3, 4, 5].map(() => cpuMsOf(module, argumentsFor(count))));
  // The difference leaves out what every run costs.
  const perIterationMs = Math.max(1e-6, (times(probe) - times(half)) / (probe - half));
  const args = argumentsFor(Math.round(wantedMs / perIterationMs));
  return { args, usefulMs: Number(args[3]) * perIterationMs };
}

function cpuMsOf({ compiled, name }: PoolModule, args: string[]): number {
  const before = process.threadCpuUsage();
  const outcome = runUnit(compiled, inputOf(args), { build: 'nonleaf', moduleCid: name, markSpacing: MARK_SPACING });
  const { user, system } = process.threadCpuUsage(before);
  if (outcome.kind !== 'success') throw new Error(`a unit of the benchmark ended with ${outcome.code}`);
  return (user + system) / 1000;
}

function inputOf(args: string[]): UnitInput {
  return {
    args,
    stdin: new Uint8Array(0),
    files: [],
    collect: [],
    okExitCodes: [0],
    seed: new Uint8Array(32),
    limits: LIMITS,
    fuelMaximum: Number.MAX_SAFE_INTEGER,
  };
}

// Trying a program on this computer, exactly as volunteers' computers will run it, and what the whole batch would cost.
import { readFile } from 'node:fs/promises';
import {
  type AppVersion,
  type Build,
  FUEL_PER_COBBLESTONE,
  fileError,
  ManyhandsError,
  splitFile,
  utf8Bytes,
} from '@manyhands/contract';
import type { UnitFile, UnitOutcome } from '@manyhands/runtime';
import { buildsOf } from '../build/builds.js';
import { type BuiltProgram, buildProgram, type ProgramSource } from '../build/program.js';
import { buildsDirectory, defaultDataDirectory } from '../kept/data-directory.js';
import {
  type BatchOptions,
  DEFAULT_OUTPUT_MAXIMUM_BYTES,
  DEFAULT_QUORUM,
  DEFAULT_TIMEOUT_MS,
  expectedDurationMsOf,
  fuelMaximumOf,
  type Input,
} from '../submit/options.js';
import { filePathOf, type Source } from '../submit/source.js';
import { runBuilds } from './run-builds.js';
import { unitInputOf } from './unit-input.js';

export type LocalProgram = {
  /** The program's name, as for an app. */
  name: string;
  wasm: ProgramSource;
  memoryMaximumBytes?: number;
  /** Bounds of the coordinator that it is meant for. */
  limits?: { memoryMaximumBytes: number; moduleMaximumBytes: number };
  /** The data folder, which keeps builds for the next time; by default the platform's. */
  dataDirectory?: string;
  /** Made before by `buildLocally`, for several inputs of one program. */
  built?: BuiltProgram;
  /** Told before the program is instrumented, which can take a minute. */
  onBuild?: (sizeBytes: number) => void;
};
/** What happened, with which build, and the time that it took on this computer. */
export type Trial = { outcome: UnitOutcome; build: Build; elapsedMs: number };

/** Makes the builds of a program that is to be run here. Throws as `buildProgram` does. */
export async function buildLocally(program: LocalProgram, signal?: AbortSignal): Promise<BuiltProgram> {
  return buildProgram(program.wasm, {
    memoryMaximumBytes: program.memoryMaximumBytes,
    ...(program.limits && { limits: program.limits }),
    cacheDirectory: buildsDirectory(program.dataDirectory ?? defaultDataDirectory()),
    onBuild: program.onBuild,
    signal,
  });
}

/** Runs one input of a program on this computer; needs no coordinator. `options` as for `app.map`. */
export async function runLocally(program: LocalProgram, input: Input, options: BatchOptions = {}): Promise<Trial> {
  const built = program.built ?? (await buildLocally(program, options.signal));
  const files = { ...options.files, ...input.files };
  const call = {
    args: [options.programName ?? program.name, ...(options.args ?? []), ...(input.args ?? [])],
    env: { ...options.env },
    stdin: input.stdin === undefined ? new Uint8Array() : await read(input.stdin),
    files: await readFiles(files),
    collect: [...new Set(options.collect ?? [])].sort(),
    okExitCodes: [...(options.okExitCodes ?? [0])],
    clockMs: options.clockMs ?? null,
  };
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const limits = {
    outputMaximumBytes: options.outputMaximumBytes ?? DEFAULT_OUTPUT_MAXIMUM_BYTES,
    fuelMaximum: fuelMaximumOf(options),
  };
  const record = recordOf(built);
  const wasmOf = new Map(buildsOf(built));
  return runBuilds(
    { record, input: unitInputOf({ name: input.name, call }, record, limits) },
    { timeoutMs, signal: options.signal },
    async (build) => wasmOf.get(build) ?? new Uint8Array(),
  );
}

/** What an app version says of its modules. */
function recordOf(built: BuiltProgram): Pick<AppVersion, 'original' | 'builds' | 'memoryMaximumBytes'> {
  const builds = Object.fromEntries(buildsOf(built).map(([name, bytes]) => [name, splitFile(bytes).ref]));
  return {
    original: splitFile(built.original).ref,
    builds: builds as AppVersion['builds'],
    memoryMaximumBytes: built.memoryMaximumBytes,
  };
}

async function readFiles(files: Readonly<Record<string, Source>>): Promise<UnitFile[]> {
  const read1 = async ([name, source]: [string, Source]): Promise<UnitFile> => ({ name, bytes: await read(source) });
  return Promise.all(
    Object.entries(files)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(read1),
  );
}

async function read(source: Source): Promise<Uint8Array> {
  if (typeof source === 'string') return utf8Bytes(source);
  if (source instanceof Uint8Array) return source;
  const path = filePathOf(source.path);
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    throw fileError('read', path, cause);
  }
}

/** What a whole batch is expected to cost. */
export type Estimate = {
  units: number;
  /** Runs altogether: every unit as often as the quorum says. */
  replicas: number;
  /** Of one unit, on an ordinary core, by its fuel: what `expectedDurationMs` should say. */
  expectedDurationMs: number;
  /** Of volunteers' cores, all replicas together, if they are like those of this computer. */
  cpuHours: number;
  /** All replicas together, by their fuel. */
  creditMilli: number;
  /** With this many cores at work, from the first unit to the last. Undefined when no cores are known. */
  wallMs: number | undefined;
};

/** Scales trials of some units up to a batch. */
export function estimate(
  trials: readonly { elapsedMs: number; fuel: number }[],
  batch: { unitCount: number; quorum?: number; cores?: number },
): Estimate {
  if (trials.length === 0) throw new ManyhandsError('MH-GEN-009', { message: 'An estimate needs at least one trial.' });
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanMs, meanFuel] = [mean(trials.map(({ elapsedMs }) => elapsedMs)), mean(trials.map(({ fuel }) => fuel))];
  const replicas = batch.unitCount * (batch.quorum ?? DEFAULT_QUORUM);
  return {
    units: batch.unitCount,
    replicas,
    expectedDurationMs: expectedDurationMsOf(meanFuel),
    cpuHours: (replicas * meanMs) / 3_600_000,
    creditMilli: Math.floor((replicas * meanFuel * 1000) / FUEL_PER_COBBLESTONE),
    wallMs: batch.cores ? Math.max(meanMs, (replicas * meanMs) / batch.cores) : undefined,
  };
}

// Trying a program on this computer, exactly as volunteers' computers will run it, and what the whole batch would cost.
import { readFile } from 'node:fs/promises';
import { ManyhandsError, MODULE_MAXIMUM_BYTES, splitFile, utf8Bytes } from '@manyhands/contract';
import type { UnitFile, UnitOutcome } from '@manyhands/runtime';
import { loadModule } from '../build/app.js';
import {
  type BatchOptions,
  DEFAULT_OUTPUT_MAXIMUM_BYTES,
  DEFAULT_QUORUM,
  DEFAULT_TIMEOUT_MS,
  type Input,
} from '../submit/options.js';
import { filePathOf, type Source } from '../submit/source.js';
import { runInThread } from './run-thread.js';
import { unitInputOf } from './unit-input.js';

export type LocalProgram = {
  /** The program's name, as for an app. */
  name: string;
  wasm: Uint8Array | { path: string | URL };
  memoryMaximumBytes?: number;
};
/** What happened, and the time that it took on this computer. */
export type Trial = { outcome: UnitOutcome; elapsedMs: number };

/** Runs one input of a program on this computer; needs no coordinator. `options` as for `app.map`. */
export async function runLocally(program: LocalProgram, input: Input, options: BatchOptions = {}): Promise<Trial> {
  const prepared = await loadModule(program.wasm, {
    memoryMaximumBytes: program.memoryMaximumBytes,
    moduleMaximumBytes: MODULE_MAXIMUM_BYTES,
  });
  const files = { ...options.files, ...input.files };
  const call = {
    args: [options.programName ?? program.name, ...(options.args ?? []), ...(input.args ?? [])],
    env: { ...options.env },
    stdin: input.stdin === undefined ? new Uint8Array() : await read(input.stdin),
    files: await readFiles(files),
    collect: [...new Set(options.collect ?? [])].sort(),
    okExitCodes: [...(options.okExitCodes ?? [0])],
  };
  const { wasm, memoryMaximumBytes } = prepared;
  const built = { module: splitFile(wasm).ref, memoryMaximumBytes };
  const outputMaximumBytes = options.outputMaximumBytes ?? DEFAULT_OUTPUT_MAXIMUM_BYTES;
  return runInThread(
    { wasm, input: unitInputOf({ name: input.name, call }, built, outputMaximumBytes) },
    { timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, signal: options.signal },
  );
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
    throw new ManyhandsError('MH-GEN-013', {
      message: `Can't read ${path}.`,
      meta: { path },
      cause,
    });
  }
}

/** What a whole batch is expected to cost. */
export type Estimate = {
  units: number;
  /** Runs altogether: every unit as often as the quorum says. */
  replicas: number;
  /** Of volunteers' cores, all replicas together. */
  cpuHours: number;
  creditMilli: number;
  /** With this many cores at work, from the first unit to the last. Undefined when no cores are known. */
  wallMs: number | undefined;
};

/** Scales trials of some units up to a batch. */
export function estimate(
  trials: readonly Pick<Trial, 'elapsedMs'>[],
  batch: { unitCount: number; quorum?: number; creditPerReplicaMilli: number; cores?: number },
): Estimate {
  if (trials.length === 0) throw new ManyhandsError('MH-GEN-009', { message: 'An estimate needs at least one trial.' });
  const meanMs = trials.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0) / trials.length;
  const replicas = batch.unitCount * (batch.quorum ?? DEFAULT_QUORUM);
  return {
    units: batch.unitCount,
    replicas,
    cpuHours: (replicas * meanMs) / 3_600_000,
    creditMilli: replicas * batch.creditPerReplicaMilli,
    wallMs: batch.cores ? Math.max(meanMs, (replicas * meanMs) / batch.cores) : undefined,
  };
}

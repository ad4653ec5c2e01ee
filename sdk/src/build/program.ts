// A program's builds: the module is read, instrumented as the coordinator will do it again, and kept for the next time.
import { readFile } from 'node:fs/promises';
import { fileError, ManyhandsError, MODULE_MAXIMUM_BYTES } from '@manyhands/contract';
import type { BuiltApp } from '@manyhands/instrument';
import { filePathOf } from '../submit/source.js';
import { BuildCache } from './build-cache.js';
import { buildInThread } from './build-in-thread.js';

export const DEFAULT_MEMORY_MAXIMUM_BYTES = 512 * 1024 * 1024;

/** A WASI preview 1 command or a step program: its bytes, or the file it is in. */
export type ProgramSource = Uint8Array | { path: string | URL };

export type BuildProgramOptions = {
  /** The most memory one unit may have; by default 512 MiB or what the module itself declares, if that is less. */
  memoryMaximumBytes?: number | undefined;
  /** Where a coordinator bounds them. */
  limits?: { memoryMaximumBytes: number; moduleMaximumBytes: number };
  /** Folder of the cache of builds; null: neither read nor written. */
  cacheDirectory: string | null;
  /** What is in the cache is not believed, but replaced. */
  isFresh?: boolean | undefined;
  /** Told before a module is instrumented, which can take a minute; not when its builds are in the cache. */
  onBuild?: ((sizeBytes: number) => void) | undefined;
  signal?: AbortSignal | undefined;
};

/** What `buildProgram` gives: the module as its author made it, and its builds. */
export type BuiltProgram = BuiltApp & { original: Uint8Array; isCached: boolean };

/** Makes a program's builds. Throws MH-MOD-001 to MH-MOD-016 with what is wrong with it, MH-GEN-009 when it wants more memory than allowed, MH-GEN-013 when it can't be read. */
export async function buildProgram(source: ProgramSource, options: BuildProgramOptions): Promise<BuiltProgram> {
  const original = await readProgram(source);
  const wanted = options.memoryMaximumBytes ?? DEFAULT_MEMORY_MAXIMUM_BYTES;
  const limit = options.limits?.memoryMaximumBytes ?? wanted;
  if (options.memoryMaximumBytes !== undefined && options.memoryMaximumBytes > limit)
    throw new ManyhandsError('MH-GEN-009', {
      message: `The coordinator allows at most ${limit} bytes of memory, not ${options.memoryMaximumBytes}.`,
      meta: { memoryMaximumBytes: limit },
    });
  const bounds = {
    memoryMaximumBytes: Math.min(wanted, limit),
    moduleMaximumBytes: options.limits?.moduleMaximumBytes ?? MODULE_MAXIMUM_BYTES,
  };
  const cache = options.cacheDirectory === null ? undefined : new BuildCache(options.cacheDirectory);
  const kept = options.isFresh ? undefined : await cache?.find(original, bounds);
  if (kept) return { ...kept, original, isCached: true };
  options.onBuild?.(original.length);
  const built = await buildInThread(original, bounds, { signal: options.signal });
  await cache?.keep(original, bounds, built);
  return { ...built, original, isCached: false };
}

/** The bytes of a program. Throws MH-GEN-013. */
export async function readProgram(source: ProgramSource): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  const path = filePathOf(source.path);
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    throw fileError('read the program', path, cause);
  }
}

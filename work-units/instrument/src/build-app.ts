// The pipeline: from the compiler's module to the builds that volunteers run.
import type { Abi } from './abi/engine-names.js';
import { asyncify } from './asyncify.js';
import { checkWithEngine } from './engine-check.js';
import { PAGE_BYTES } from './limits.js';
import { checkEntries } from './module/entry-exports.js';
import { inspectModule } from './module/inspect-module.js';
import { RESERVED_NAMES, refuseReserved } from './module/reserved-names.js';
import { effectiveMaximumPages, refuseSize } from './module/size-checks.js';
import { finishModule } from './rewrite/finish-module.js';
import { meterModule } from './rewrite/meter-module.js';
import { readLayout } from './rewrite/module-layout.js';

/** Names the pipeline that made a module. Any changed bit of its output is another version. */
export const INSTRUMENTER = 'engine-v1';

export type BuildOptions = {
  /** The most memory that the program may ever have; rounded down to whole pages of 65,536 bytes. */
  memoryMaximumBytes: number;
  /** The largest module that is looked at. */
  moduleMaximumBytes: number;
  /** Looked at between the stages; aborting rejects with its reason. */
  signal?: AbortSignal;
};

export type BuiltApp = {
  abi: Abi;
  builds: { nonleaf: Uint8Array; all: Uint8Array } | { step: Uint8Array };
  /** As declared in the builds: the smaller of the option and the module's own maximum. */
  memoryMaximumBytes: number;
  memoryInitialBytes: number;
  /** Names of the WASI functions in use, sorted, each once. */
  imports: string[];
  /** Whether any floating-point type or operation occurs. */
  hasFloat: boolean;
};

/**
 * Checks a module against the allow-lists and limits and makes its builds. Same input and options, same bytes, in every process.
 * Throws ManyhandsError MH-MOD-001 to MH-MOD-015, with `meta.reason`.
 */
export async function buildApp(wasm: Uint8Array, options: BuildOptions): Promise<BuiltApp> {
  if (wasm.length > options.moduleMaximumBytes) refuseSize(wasm.length, options.moduleMaximumBytes);
  const { facts } = inspectModule(wasm);
  const maximumPages = effectiveMaximumPages(facts, options.memoryMaximumBytes);
  checkWithEngine(wasm);
  const reserved = facts.exports.find(({ name }) => RESERVED_NAMES.test(name));
  if (reserved !== undefined) refuseReserved({ name: reserved.name, where: 'exports' });
  const abi = checkEntries(facts);
  const layout = readLayout(wasm);
  const finishing = {
    maximumPages,
    minimumPages: facts.memory.minimum,
    depthLimit: 1_000_000,
    hasFloat: facts.hasFloat,
  };
  const weights: number[] = [];
  const commandBuild = async (build: 'nonleaf' | 'all'): Promise<Uint8Array> => {
    options.signal?.throwIfAborted();
    const metered = meterModule({ facts, layout, build, weights });
    return finishModule(readLayout(await asyncify(metered)), finishing);
  };
  const builds =
    abi === 'command'
      ? { nonleaf: await commandBuild('nonleaf'), all: await commandBuild('all') }
      : { step: finishModule(readLayout(meterModule({ facts, layout, build: 'step', weights })), finishing) };
  return {
    abi,
    builds,
    memoryMaximumBytes: maximumPages * PAGE_BYTES,
    memoryInitialBytes: facts.memory.minimum * PAGE_BYTES,
    imports: [...new Set(facts.imports)].sort(),
    hasFloat: facts.hasFloat,
  };
}

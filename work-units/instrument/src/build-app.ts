// The pipeline: from the compiler's module to the builds that volunteers run.

import type { Abi, Build } from './abi/engine-names.js';
import { type CodeFacts, codeFacts, importNames } from './analysis/app-facts.js';
import { boundDepth, planDepth } from './analysis/depth-plan.js';
import { asyncify } from './asyncify.js';
import { checkProgram } from './check-program.js';
import { type ModuleLayout, readLayout, writeLayout } from './layout/module-layout.js';
import { PAGE_BYTES } from './limits.js';
import { effectiveMaximumPages, refuseSize } from './module/size-checks.js';
import { finishLayout, withDepthBounds } from './rewrite/finish-module.js';
import { meterModule } from './rewrite/meter-module.js';

const BUILDS: Readonly<Record<Abi, readonly Build[]>> = { command: ['nonleaf', 'all'], step: ['step'] };

/** Names the pipeline that made a module. Any changed bit of its output is another version. */
export const INSTRUMENTER = 'engine-v1';

/**
 * Stack of the thread in which to call `buildApp`: its tools recurse over long expressions, and whoever publishes a program must get as far with it as the
 * coordinator that builds it again. Only what is touched of it is taken.
 */
export const BUILD_STACK_MIB = 64;

export type BuildOptions = {
  /** The most memory that the program may ever have; rounded down to whole pages of 65,536 bytes. */
  memoryMaximumBytes: number;
  /** The largest module that is looked at. */
  moduleMaximumBytes: number;
  /** Looked at between the stages; aborting rejects with its reason. */
  signal?: AbortSignal;
};

export type BuildReport = CodeFacts & {
  /** Most native stack that functions outside of cycles of calls can take together. */
  staticStackBytes: number;
  /** What calls of metered functions may take together, in their weights. */
  depthLimitBytes: number;
  /** Of the memory for the stack of a stopped program; commands only, otherwise 0. */
  stackMemoryBytes: number;
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
  report: BuildReport;
};

/**
 * Checks a module against the allow-lists and limits and makes its builds. Same input and options, same bytes, in every process.
 * Throws ManyhandsError MH-MOD-001 to
 * MH-MOD-016, with `meta.reason`. The work is not bounded in time here: give a stranger's module to a process that can be ended.
 */
export async function buildApp(wasm: Uint8Array, options: BuildOptions): Promise<BuiltApp> {
  if (wasm.length > options.moduleMaximumBytes) refuseSize(wasm.length, options.moduleMaximumBytes);
  const { facts, abi } = checkProgram(wasm);
  const maximumPages = effectiveMaximumPages(facts, options.memoryMaximumBytes);
  const layout = readLayout(wasm);
  const plan = planDepth(facts);
  // What is too deep as the compiler wrote it needs no long work to be refused.
  boundDepth(plan, [layout]);
  const instrumented: { build: Build; layout: ModuleLayout }[] = [];
  for (const build of BUILDS[abi]) {
    options.signal?.throwIfAborted();
    const metered = meterModule({ facts, layout, build, weights: plan.weights });
    instrumented.push({ build, layout: readLayout(abi === 'command' ? await asyncify(metered) : metered) });
  }
  const finishing = {
    maximumPages,
    minimumPages: facts.memory.minimum,
    programFunctions: facts.bodies.length,
    hasFloat: facts.hasFloat,
  };
  const prepared = instrumented.map(({ build, layout }) => ({ build, layout: finishLayout(layout, finishing) }));
  const depth = boundDepth(
    plan,
    prepared.map((each) => each.layout),
  );
  const builds = Object.fromEntries(
    prepared.map(({ build, layout }) => [build, writeLayout(withDepthBounds(layout, depth))]),
  ) as BuiltApp['builds'];
  return {
    abi,
    builds,
    memoryMaximumBytes: maximumPages * PAGE_BYTES,
    memoryInitialBytes: facts.memory.minimum * PAGE_BYTES,
    imports: importNames(facts),
    hasFloat: facts.hasFloat,
    report: {
      ...codeFacts(facts, plan),
      staticStackBytes: depth.staticBytes,
      depthLimitBytes: depth.limit,
      stackMemoryBytes: abi === 'command' ? depth.stackPages * PAGE_BYTES : 0,
    },
  };
}

// What a module is, as plain data: for `app inspect`, and for the report of a build.
import { type Abi, ENTRY_EXPORTS } from '../abi/engine-names.js';
import { checkProgram } from '../check-program.js';
import { findRegions } from '../layout/fuel-regions.js';
import { InstructionCursor } from '../layout/instruction-cursor.js';
import { BodyLocals } from '../layout/locals.js';
import { readLayout } from '../layout/module-layout.js';
import { PAGE_BYTES } from '../limits.js';
import type { ModuleFacts } from '../module/module-facts.js';
import { boundDepth, type DepthPlan, planDepth } from './depth-plan.js';

export type CodeFacts = {
  /** Functions with bodies. */
  functions: number;
  /** Of these, the ones that may call themselves over others: each call of them takes from the depth. */
  meteredFunctions: number;
  loops: number;
  /** Loops without a loop, call or bulk operation inside: no yield point in the build `nonleaf`. */
  leafLoops: number;
};

export type AppFacts = CodeFacts & {
  abi: Abi;
  moduleBytes: number;
  /** Names of the WASI functions in use, sorted, each once. */
  imports: string[];
  /** Exports that no build has, sorted. */
  droppedExports: string[];
  hasFloat: boolean;
  memoryInitialBytes: number;
  /** As the module declares it, or null when it sets none. */
  memoryDeclaredMaximumBytes: number | null;
  mutableGlobals: number;
  dataSegments: number;
  customSections: number;
  /** Most native stack that functions outside of cycles of calls take together, as the compiler wrote them; in the builds it is somewhat more. */
  staticStackBytes: number;
  /** At most so much may calls of metered functions take together; the builds may leave them less. */
  depthLimitMaximumBytes: number;
};

/** Checks a module like a build does, without making one. Throws ManyhandsError MH-MOD-…. */
export function inspectApp(wasm: Uint8Array): AppFacts {
  const { facts, sections, abi } = checkProgram(wasm);
  const kept = ['memory', ...ENTRY_EXPORTS[abi]];
  const { minimum, maximum } = facts.memory;
  const plan = planDepth(facts);
  const { limit, staticBytes } = boundDepth(plan, [readLayout(wasm)]);
  return {
    abi,
    moduleBytes: wasm.length,
    imports: importNames(facts),
    droppedExports: facts.exports
      .map(({ name }) => name)
      .filter((name) => !kept.includes(name))
      .sort(),
    hasFloat: facts.hasFloat,
    memoryInitialBytes: minimum * PAGE_BYTES,
    memoryDeclaredMaximumBytes: maximum === null ? null : maximum * PAGE_BYTES,
    mutableGlobals: facts.globals.filter(({ isMutable }) => isMutable).length,
    dataSegments: facts.data.length,
    customSections: sections.customCount,
    ...codeFacts(facts, plan),
    staticStackBytes: staticBytes,
    depthLimitMaximumBytes: limit,
  };
}

export function importNames({ imports }: ModuleFacts): string[] {
  return [...new Set(imports)].sort();
}

export function codeFacts({ bodies }: ModuleFacts, { weights }: DepthPlan): CodeFacts {
  let loops = 0;
  let leafLoops = 0;
  for (const body of bodies) {
    const regions = findRegions(new InstructionCursor(body, new BodyLocals(body, 0).codeStart));
    loops += regions.loops.length;
    leafLoops += regions.loops.filter(({ isLeaf }) => isLeaf).length;
  }
  const meteredFunctions = weights.filter((weight) => weight > 0).length;
  return { functions: bodies.length, meteredFunctions, loops, leafLoops };
}

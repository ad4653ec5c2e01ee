// How deep a program may call: weights for functions on cycles of the call graph, a static bound for the others, and the limit.
import type { ModuleFacts } from '../module/module-facts.js';
import type { FunctionType } from '../module/types.js';
import { refuse } from '../refusal.js';
import type { ModuleLayout } from '../rewrite/module-layout.js';
import { callGraph } from './call-graph.js';
import { type Components, findComponents, longestPath } from './cycles.js';
import { frameBytes } from './frame-size.js';

/**
 * Native stack that a program may take. The smallest stack that is supported is that of a thread of V8 with its defaults, 984 KiB; the rest of
 * it is for the host: what lies below the program, and what the program calls.
 */
export const NATIVE_STACK_BYTES = 640 * 1024;
/** How much of it the functions outside of cycles may take together, so that recursion has the other half. */
const STATIC_MAXIMUM_BYTES = NATIVE_STACK_BYTES / 2;

export type DepthPlan = {
  edges: readonly (readonly number[])[];
  components: Components;
  /** By function with a body: what one call takes from the depth; 0 for those outside of cycles. */
  weights: readonly number[];
};

export type DepthBounds = { limit: number; staticBytes: number };

/** From the module as the compiler wrote it, so that it is the same for every build. */
export function planDepth(facts: ModuleFacts): DepthPlan {
  const { edges } = callGraph(facts);
  const components = findComponents(edges);
  const weights = facts.bodies.map((body, index) => {
    if (!components.isOnCycle[index]) return 0;
    const type = facts.types[facts.functionTypes[facts.importCount + index] as number] as FunctionType;
    return frameBytes(body, type, facts);
  });
  return { edges, components, weights };
}

/** From what the functions became in all builds: the limit with which none of them can overflow the native stack. Throws MH-MOD-015. */
export function boundDepth({ edges, components, weights }: DepthPlan, builds: readonly ModuleLayout[]): DepthBounds {
  const frames = builds.map(framesOf);
  const largest = weights.map((_, index) => Math.max(...frames.map((each) => each[index] as number)));
  const staticBytes = longestPath(edges, components, (node) => largest[node] ?? 0);
  if (staticBytes > STATIC_MAXIMUM_BYTES) refuseDeep(staticBytes);
  let worstRatio = 1;
  for (const [index, weight] of weights.entries())
    if (weight > 0) worstRatio = Math.max(worstRatio, (largest[index] as number) / weight);
  return { limit: Math.floor((NATIVE_STACK_BYTES - staticBytes) / worstRatio), staticBytes };
}

/** Sizes of the frames of all functions with bodies. What the pipeline added stands behind the program's own. */
function framesOf(layout: ModuleLayout): number[] {
  const functionTypes = [...layout.imports.map(({ type }) => type), ...layout.functions];
  return layout.bodies.map((body, index) => {
    const type = layout.types[layout.functions[index] as number] as FunctionType;
    return frameBytes(body, type, { types: layout.types, functionTypes });
  });
}

function refuseDeep(staticBytes: number): never {
  return refuse('MH-MOD-015', {
    reason: 'static-depth',
    message:
      `The functions of the module call one another so deep that ${staticBytes} bytes of stack can be needed without any recursion, where at most ` +
      `${STATIC_MAXIMUM_BYTES} are allowed. On some hosts the native stack would overflow where on others it would not. Build with -O2 ` +
      '(unoptimised code has very large frames), keep functions with thousands of local variables from calling one another, or move large local values into memory.',
  });
}

// How deep a program may call: weights for functions on cycles of the call graph, a static bound for the others, and the limit.

import type { FunctionType } from '../binary/types.js';
import type { ModuleLayout } from '../layout/module-layout.js';
import { PAGE_BYTES } from '../limits.js';
import type { ModuleFacts } from '../module/module-facts.js';
import { refuse } from '../refusal.js';
import { callGraph } from './call-graph.js';
import { type Components, findComponents, longestPath } from './cycles.js';
import { frameBytes } from './frame-size.js';
import { unwindBytes } from './unwind-size.js';

/**
 * Native stack that a program may take. The smallest stack that is supported is that of a thread of V8 with its defaults, 984 KiB; the rest of
 * it is for the host: what lies below the program, and what the program calls.
 */
const NATIVE_STACK_BYTES = 640 * 1024;
/** How much of it the functions outside of cycles may take together, so that recursion has the other half. */
const STATIC_MAXIMUM_BYTES = NATIVE_STACK_BYTES / 2;
/** Asyncify's data before the stack. */
const STACK_RECORD_BYTES = 8;

export type DepthPlan = {
  edges: readonly (readonly number[])[];
  components: Components;
  /** By function with a body: what one call takes from the depth; 0 for those outside of cycles. */
  weights: readonly number[];
};

/** `stackPages`: of the memory that takes the stack of a program that stops, in all builds. */
export type DepthBounds = { limit: number; staticBytes: number; stackPages: number };

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
export function boundDepth(plan: DepthPlan, builds: readonly ModuleLayout[]): DepthBounds {
  const { edges, components, weights } = plan;
  const frames = largestOf(builds, frameOf);
  const staticBytes = longestPath(edges, components, (node) => frames[node] ?? 0);
  if (staticBytes > STATIC_MAXIMUM_BYTES) refuseDeep(staticBytes);
  // A call has its frame before it takes from the depth, and may be stopped there.
  const { ratio, largest } = worstMetered(weights, frames);
  if (largest > STATIC_MAXIMUM_BYTES) refuseDeep(largest);
  const limit = Math.floor((NATIVE_STACK_BYTES - staticBytes) / Math.max(1, ratio));
  return { limit, staticBytes, stackPages: stackPages(plan, limit, largestOf(builds, unwindOf)) };
}

/** What holds the worst stack: all functions outside of cycles, what the limit lets the others take, and one of these at its entry. */
function stackPages({ edges, components, weights }: DepthPlan, limit: number, unwinds: readonly number[]): number {
  const { ratio, largest } = worstMetered(weights, unwinds);
  const staticBytes = longestPath(edges, components, (node) => unwinds[node] ?? 0);
  const bytes = STACK_RECORD_BYTES + staticBytes + Math.ceil(limit * ratio) + largest;
  return Math.max(1, Math.ceil(bytes / PAGE_BYTES));
}

/** Of the metered functions: the most that one has for each byte of weight, and the most that one has at all. */
function worstMetered(weights: readonly number[], bytes: readonly number[]): { ratio: number; largest: number } {
  let ratio = 0;
  let largest = 0;
  for (const [index, weight] of weights.entries()) {
    if (weight === 0) continue;
    ratio = Math.max(ratio, (bytes[index] as number) / weight);
    largest = Math.max(largest, bytes[index] as number);
  }
  return { ratio, largest };
}

type Measure = (layout: ModuleLayout) => number[];

/** By function with a body: the most over all builds. */
function largestOf(builds: readonly ModuleLayout[], measure: Measure): number[] {
  const [first = [], ...others] = builds.map(measure);
  return first.map((bytes, index) => others.reduce((most, other) => Math.max(most, other[index] ?? 0), bytes));
}

function unwindOf(layout: ModuleLayout): number[] {
  return layout.bodies.map((body, index) => {
    const type = layout.types[layout.functions[index] as number] as FunctionType;
    return unwindBytes(body, type.parameters.length);
  });
}

/** Sizes of the frames of all functions with bodies. What the pipeline added stands behind the program's own. */
function frameOf(layout: ModuleLayout): number[] {
  const functionTypes = [...layout.imports.map(({ type }) => type), ...layout.functions];
  return layout.bodies.map((body, index) => {
    const type = layout.types[layout.functions[index] as number] as FunctionType;
    return frameBytes(body, type, { types: layout.types, functionTypes });
  });
}

function refuseDeep(staticBytes: number): never {
  return refuse('MH-MOD-015', {
    reason: 'static-depth',
    what: `The functions of the module call one another so deep that ${staticBytes} bytes of stack can be needed without any recursion, where at most ${STATIC_MAXIMUM_BYTES} are allowed`,
    why: 'on some hosts the native stack would overflow where on others it would not',
    instead:
      'build with -O2 (unoptimised code has very large frames), keep functions with thousands of local variables from calling one another, or move large local values into memory',
  });
}

// How a module is refused: a documented code, a short stable reason, and a message that says what, why and what to do.
import { type ErrorCode, ManyhandsError } from '@manyhands/contract';
import type { ModuleLimits } from './limits.js';

/**
 * `reason` is stable and goes into the error's details; the rest is for the author of the module, without full stops: what was found,
 * why it breaks determinism or safety, and what to do instead.
 */
export type Refusal = { reason: string; what: string; why: string; instead: string };

export function refuse(code: ErrorCode, { reason, what, why, instead }: Refusal): never {
  const message = `${what}. Why not: ${why}. What to do: ${instead}.`;
  throw new ManyhandsError(code, { message, meta: { reason } });
}

/** For bytes that are no valid module at all. `offset` counts from the start of the part that was read. */
export function malformed(what: string): never {
  return refuse('MH-MOD-001', {
    reason: 'malformed',
    what: `The module is malformed: ${what}`,
    why: 'what is not exactly a module cannot be checked',
    instead: 'build it again, as it may be cut off or damaged',
  });
}

/** Refuses a count above its bound. */
export function withinLimit(name: keyof ModuleLimits, count: number, limits: ModuleLimits): void {
  const limit = limits[name];
  if (count <= limit) return;
  refuse('MH-MOD-010', {
    reason: `limit-${name}`,
    what: `The module has ${count} where at most ${limit} are allowed (limit "${name}")`,
    why: 'such modules can exhaust the time, memory or stack of the tools and engines that work on them',
    instead:
      LIMIT_ADVICE[name] ?? 'build with optimisation (-O2), leave unused code out, or move data into an input file',
  });
}

const LIMIT_ADVICE: Readonly<Partial<Record<keyof ModuleLimits, string>>> = {
  dataBytes: 'move data into an input file',
  expressionDepth: 'keep intermediate results in variables, or write long sums as loops over data',
  localsTotal: 'build with optimisation (-O2), and leave unused code out',
  loops: 'split the function, or write repeated loops as a function that is called',
  loopNesting: 'move inner loops into functions of their own',
  locals: 'build with optimisation (-O2), and split generated functions',
  nesting: 'build with optimisation (-O2), and turn deep generated code into tables or more functions',
  functionBytes: 'split generated functions, or move tables into data',
  nameBytes: 'shorten the names of exports, or export only what is needed',
};

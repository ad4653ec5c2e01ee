// How a module is refused: a documented code, a short stable reason, and a message that says what, why and what to do.
import { type ErrorCode, ManyhandsError } from '@manyhands/contract';
import type { ModuleLimits } from './limits.js';

/** `reason` is stable and goes into the error's details; the message is for the author of the module. */
export type Refusal = { reason: string; message: string };

export function refuse(code: ErrorCode, { reason, message }: Refusal): never {
  throw new ManyhandsError(code, { message, meta: { reason } });
}

/** For bytes that are no valid module at all. `offset` counts from the start of the part that was read. */
export function malformed(what: string): never {
  return refuse('MH-MOD-001', {
    reason: 'malformed',
    message: `The module is malformed: ${what}. It may be cut off or damaged; build it again.`,
  });
}

/** Refuses a count above its bound. */
export function withinLimit(name: keyof ModuleLimits, count: number, limits: ModuleLimits): void {
  const limit = limits[name];
  if (count <= limit) return;
  refuse('MH-MOD-010', {
    reason: `limit-${name}`,
    message:
      `The module has ${count} where at most ${limit} are allowed (limit "${name}"). Such modules can exhaust the memory or stack of the engine ` +
      'that compiles them on a volunteer’s machine. Build with optimisation (-O2), leave unused code out, or move data into an input file.',
  });
}

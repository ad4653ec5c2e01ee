// How large a module and its memory may be, given what its app version declares.
import { PAGE_BYTES } from '../limits.js';
import { refuse } from '../refusal.js';
import type { ModuleFacts } from './module-facts.js';

/** Pages of 65,536 bytes: the smaller of what is allowed and the module's own maximum. */
export function effectiveMaximumPages(facts: ModuleFacts, memoryMaximumBytes: number): number {
  const allowedPages = Math.floor(memoryMaximumBytes / PAGE_BYTES);
  const { minimum, maximum } = facts.memory;
  if (minimum > allowedPages)
    refuse('MH-MOD-007', {
      reason: 'initial-memory',
      what: `The module starts with ${minimum * PAGE_BYTES} bytes of memory, but at most ${memoryMaximumBytes} are allowed`,
      why: 'volunteers’ machines promise no more to a unit',
      instead: 'lower its initial memory or static arrays, or raise the memory limit of the app version',
    });
  return maximum === null ? allowedPages : Math.min(maximum, allowedPages);
}

export function refuseSize(lengthBytes: number, maximumBytes: number): never {
  return refuse('MH-MOD-002', {
    reason: 'module-size',
    what: `The module has ${lengthBytes} bytes, but at most ${maximumBytes} are allowed`,
    why: 'every volunteer has to fetch and compile it',
    instead: 'build with -O2, strip debug information (-Wl,--strip-all), and move data into input files',
  });
}

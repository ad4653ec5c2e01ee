// Names that belong to the instrumentation: nobody else may use them.
import { refuse } from '../refusal.js';

/** Prefixes of the names of everything that the pipeline adds. */
export const RESERVED_NAMES = /^(asyncify|\$fuel|manyhands)/;

export function refuseReserved({ name, where }: { name: string; where: 'exports' | 'imports from' }): never {
  return refuse('MH-MOD-014', {
    reason: 'reserved-name',
    what: `The module ${where} "${name}", and names that begin with asyncify, $fuel or manyhands are those of the instrumentation`,
    why: 'with them a program could change its own account of work or break its checkpoints',
    instead:
      'give the module as the compiler wrote it, not one that was instrumented already, or rename what is called so',
  });
}

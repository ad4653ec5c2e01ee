// Everything that a module as the compiler wrote it must pass before it is built, or looked at.
import type { Abi } from './abi/engine-names.js';
import { checkWithEngine } from './engine-check.js';
import { checkEntries } from './module/entry-exports.js';
import { type InspectedModule, inspectModule } from './module/inspect-module.js';
import { RESERVED_NAMES, refuseReserved } from './module/reserved-names.js';

export type CheckedProgram = InspectedModule & { abi: Abi };

/** Throws ManyhandsError MH-MOD-001 to MH-MOD-014. */
export function checkProgram(wasm: Uint8Array): CheckedProgram {
  const inspected = inspectModule(wasm);
  checkWithEngine(wasm);
  const reserved = inspected.facts.exports.find(({ name }) => RESERVED_NAMES.test(name));
  if (reserved !== undefined) refuseReserved({ name: reserved.name, where: 'exports' });
  return { ...inspected, abi: checkEntries(inspected.facts) };
}

// Tells whether a module has the growth guard in place, exactly as the pipeline puts it there.
import { type Export, ExportKind, type ModuleFacts } from '../module/module-facts.js';
import { RESERVED_NAMES } from '../module/reserved-names.js';
import { GROWTH_REFUSED_EXPORT, guardBody } from './growth-guard.js';

export function reservedExports(facts: ModuleFacts): Export[] {
  return facts.exports.filter(({ name }) => RESERVED_NAMES.test(name));
}

/** What is wrong with the guard, or null when it is the last function, alone grows the memory and alone has the flag. */
export function guardFault(facts: ModuleFacts): string | null {
  const guard = facts.bodies.length - 1;
  const flagGlobal = facts.globals.length - 1;
  const body = facts.bodies[guard];
  const expectedBody = guardBody(facts.memory.maximum ?? 0, flagGlobal);
  if (body === undefined || !isSameBytes(body, expectedBody) || facts.growSites.some((site) => site.body !== guard))
    return 'its memory grows outside the guard';
  const flags = facts.exports.filter(({ kind, index }) => kind === ExportKind.global && index === flagGlobal);
  if (flags.length !== 1 || flags[0]?.name !== GROWTH_REFUSED_EXPORT || reservedExports(facts).length !== 1)
    return 'the flag of the guard is not exported under its own name alone';
  const isUsedElsewhere = facts.globalsUsed.slice(0, guard).some((used) => used.has(flagGlobal));
  return isUsedElsewhere ? 'the flag of the guard is used elsewhere' : null;
}

function isSameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

// What a worker checks before it compiles a module, whoever signed it: the same lists, and that the preparation was done.
import { checkWithEngine } from './engine-check.js';
import { PAGE_BYTES } from './limits.js';
import { RESERVED_NAMES } from './module/declarations.js';
import { type InspectedModule, inspectModule } from './module/inspect-module.js';
import { ExportKind, type ModuleFacts } from './module/module-facts.js';
import { refuse } from './refusal.js';
import { GROWTH_REFUSED_EXPORT, guardBody } from './rewrite/growth-guard.js';

/**
 * Throws ManyhandsError when the module is not one that `prepareModule` writes: MH-MOD-001 to MH-MOD-012 for what it refuses
 * too, MH-MOD-013 when the memory maximum is missing or above the expected one, or growth does not go through the guard.
 */
export function validatePrepared(wasm: Uint8Array, expected: { memoryMaximumBytes: number }): void {
  const inspected = inspectModule(wasm, true);
  checkMaximum(inspected, expected.memoryMaximumBytes);
  checkGuard(inspected.facts);
  checkWithEngine(wasm);
}

function checkMaximum({ facts, sections }: InspectedModule, expectedBytes: number): void {
  const { maximum } = facts.memory;
  if (maximum === null || maximum * PAGE_BYTES > expectedBytes)
    notPrepared(
      `it declares ${maximum === null ? 'no memory maximum' : `${maximum * PAGE_BYTES} bytes of memory`}, but ${expectedBytes} bytes were agreed`,
    );
  if (sections.customCount > 0) notPrepared('it has custom sections');
}

/** Either nothing grows and nothing is reserved, or the last function is the guard and the only one that grows. */
function checkGuard(facts: ModuleFacts): void {
  const reserved = facts.exports.filter(({ name }) => RESERVED_NAMES.test(name));
  if (facts.growSites.length === 0) {
    if (reserved.length > 0) notPrepared('it exports a reserved name');
    return;
  }
  const guard = facts.bodies.length - 1;
  const flagGlobal = facts.globals.length - 1;
  const expectedBody = guardBody(facts.memory.maximum ?? 0, flagGlobal);
  const [flag] = reserved;
  if (
    !isSameBytes(facts.bodies[guard] as Uint8Array, expectedBody) ||
    facts.growSites.some(({ body }) => body !== guard)
  )
    notPrepared('its memory grows outside the guard');
  if (
    reserved.length !== 1 ||
    flag?.name !== GROWTH_REFUSED_EXPORT ||
    flag.kind !== ExportKind.global ||
    flag.index !== flagGlobal
  )
    notPrepared('the flag of the guard is not exported');
  const otherUsers = facts.globalsUsed.slice(0, guard);
  if (
    otherUsers.some((used) => used.has(flagGlobal)) ||
    facts.exports.some((item) => item !== flag && item.kind === ExportKind.global && item.index === flagGlobal)
  )
    notPrepared('the flag of the guard is used elsewhere');
}

function isSameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function notPrepared(what: string): never {
  return refuse('MH-MOD-013', {
    reason: 'not-prepared',
    message: `The module is not as the pipeline writes it: ${what}. Publish the app version again from the compiler’s module.`,
  });
}

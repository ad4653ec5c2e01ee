// What a worker checks before it compiles a module, whoever signed it: the same lists, and that the preparation was done.
import { checkWithEngine } from './engine-check.js';
import { PAGE_BYTES } from './limits.js';
import { inspectModule } from './module/inspect-module.js';
import type { ModuleFacts } from './module/module-facts.js';
import { refuse } from './refusal.js';
import { guardFault, reservedExports } from './rewrite/guard-check.js';

/**
 * Throws ManyhandsError when the module is not one that `prepareModule` writes: MH-MOD-001 to MH-MOD-012 for what it refuses
 * too, MH-MOD-013 when the memory maximum is missing or above the expected one, or growth does not go through the guard.
 */
export function validatePrepared(wasm: Uint8Array, expected: { memoryMaximumBytes: number }): void {
  const { facts, sections } = inspectModule(wasm);
  checkMaximum(facts, expected.memoryMaximumBytes);
  if (sections.customCount > 0) notPrepared('it has custom sections');
  const hasGuard = facts.growSites.length > 0 || reservedExports(facts).length > 0;
  const fault = hasGuard ? guardFault(facts) : null;
  if (fault !== null) notPrepared(fault);
  checkWithEngine(wasm);
}

function checkMaximum({ memory: { maximum } }: ModuleFacts, expectedBytes: number): void {
  if (maximum === null) notPrepared('it declares no memory maximum');
  if (maximum * PAGE_BYTES > expectedBytes)
    notPrepared(`it declares ${maximum * PAGE_BYTES} bytes of memory where at most ${expectedBytes} were agreed`);
}

function notPrepared(what: string): never {
  return refuse('MH-MOD-013', {
    reason: 'not-prepared',
    message: `The module is not as the pipeline writes it: ${what}. Publish the app version again from the compiler’s module.`,
  });
}

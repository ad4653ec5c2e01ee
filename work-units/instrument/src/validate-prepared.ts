// What a worker checks before it compiles a module, whoever signed it: the same lists, and that the pipeline was gone through.
import type { Build } from './abi/engine-names.js';
import { checkWithEngine } from './engine-check.js';
import { PAGE_BYTES } from './limits.js';
import { inspectModule } from './module/inspect-module.js';
import type { ModuleFacts } from './module/module-facts.js';
import { preparedFault } from './prepared-shape.js';
import { refuse } from './refusal.js';

export type PreparedExpectation = {
  memoryMaximumBytes: number;
  build: Build;
};

/**
 * Throws ManyhandsError when the module is not one that the pipeline writes for this build: MH-MOD-001 to MH-MOD-014 for what it refuses
 * too, MH-MOD-013 when the memory maximum is missing or above the expected one, or anything that was added is not in its place.
 * Synchronous, and independent of the tools that write builds.
 */
export function validatePrepared(wasm: Uint8Array, expected: PreparedExpectation): void {
  const { facts, sections } = inspectModule(wasm, expected.build);
  checkMaximum(facts, expected.memoryMaximumBytes);
  if (sections.customCount > 0) notPrepared('it has custom sections');
  const fault = preparedFault(facts, expected.build);
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
    what: `The module is not as the pipeline writes it: ${what}`,
    why: 'only what the pipeline wrote can be counted, stopped and compared alike on every host',
    instead: 'publish the app version again from the compiler’s module',
  });
}

// From the compiler's module to the one that volunteers run.
import { checkWithEngine } from './engine-check.js';
import { PAGE_BYTES } from './limits.js';
import { inspectModule } from './module/inspect-module.js';
import type { ModuleFacts } from './module/module-facts.js';
import { effectiveMaximumPages, refuseSize } from './module/size-checks.js';
import { refuse } from './refusal.js';
import { guardFault, reservedExports } from './rewrite/guard-check.js';
import { writeModule } from './rewrite/write-module.js';

/** Names the pipeline that made a module. Any changed bit of its output is another version. */
export const INSTRUMENTER_VERSION = 'cap-v1';

export type PrepareOptions = {
  /** The most memory that the program may ever have; rounded down to whole pages of 65,536 bytes. */
  memoryMaximumBytes: number;
  /** The largest module that is looked at. */
  moduleMaximumBytes: number;
};

export type PreparedModule = {
  wasm: Uint8Array;
  /** As declared in `wasm`: the smaller of the option and the module's own maximum. */
  memoryMaximumBytes: number;
  memoryInitialBytes: number;
  /** Names of the WASI functions in use, sorted, each once. */
  imports: string[];
  /** Whether any floating-point type or operation occurs; then the bits of NaN values may differ between hosts. */
  hasFloat: boolean;
};

/**
 * Checks a module against the allow-lists and limits, drops custom sections, and writes its memory maximum into it.
 * Same input and options, same bytes; a module that is prepared already comes back unchanged, unless the maximum is lowered. Throws ManyhandsError MH-MOD-001 to MH-MOD-012, with `meta.reason`.
 */
export function prepareModule(wasm: Uint8Array, options: PrepareOptions): PreparedModule {
  if (wasm.length > options.moduleMaximumBytes) refuseSize(wasm.length, options.moduleMaximumBytes);
  const inspected = inspectModule(wasm);
  const { facts } = inspected;
  checkReservedNames(facts);
  const maximumPages = effectiveMaximumPages(facts, options.memoryMaximumBytes);
  checkWithEngine(wasm);
  return {
    wasm: writeModule(inspected, maximumPages),
    memoryMaximumBytes: maximumPages * PAGE_BYTES,
    memoryInitialBytes: facts.memory.minimum * PAGE_BYTES,
    imports: [...new Set(facts.imports)].sort(),
    hasFloat: facts.hasFloat,
  };
}

/** Names of the pipeline's own may only come from the pipeline. */
function checkReservedNames(facts: ModuleFacts): void {
  const [reserved] = reservedExports(facts);
  if (reserved === undefined || guardFault(facts) === null) return;
  refuse('MH-MOD-011', {
    reason: 'reserved-name',
    message:
      `The module exports "${reserved.name}". Names that begin with asyncify, $fuel or manyhands are those of the instrumentation, which must be ` +
      'sure that nobody else uses them. Give it the module as the compiler wrote it, or rename the export.',
  });
}

// One run of a prepared module from its first instruction to its end.

import { GROWTH_REFUSED_EXPORT } from './abi/constants.js';
import { type Ending, endingOf, GROWTH_REFUSED } from './ending.js';
import { GuestMemory } from './host/guest-memory.js';
import { createHostState, type HostState } from './host/host-state.js';
import { stderrText } from './host/output.js';
import { FailureSignal } from './host/signals.js';
import { createImports } from './imports/index.js';
import { collectSuccess } from './result.js';
import type { UnitInput, UnitOutcome } from './unit.js';

/**
 * Runs a module to its end, synchronously: call it in a worker thread that can be terminated. Whatever the program does
 * is an outcome; only a faulty call by the host throws (RangeError for a seed of more than 32 bytes).
 */
export function runUnit(module: WebAssembly.Module, input: UnitInput): UnitOutcome {
  let state: HostState;
  try {
    state = createHostState(input);
  } catch (error) {
    if (error instanceof FailureSignal) return unitFailure(error, '');
    throw error;
  }
  return outcomeOf(execute(module, state), state, input);
}

function execute(module: WebAssembly.Module, state: HostState): Ending {
  const memory = new GuestMemory();
  let exports: WebAssembly.Exports | null = null;
  try {
    const imports = createImports({ state, memory });
    checkImports(module, imports);
    exports = new WebAssembly.Instance(module, imports).exports;
    const { memory: exported, _start: start } = exports;
    if (!(exported instanceof WebAssembly.Memory) || typeof start !== 'function')
      throw new FailureSignal('MH-UNIT-007', 'the module does not export a memory and a function _start');
    memory.attach(exported);
    start();
    return { kind: 'exit', exitCode: 0 };
  } catch (error) {
    return wasGrowthRefused(exports) ? GROWTH_REFUSED : endingOf(error);
  }
}

/** Engines differ in how they report a missing import, so that it is looked for beforehand. */
function checkImports(module: WebAssembly.Module, imports: WebAssembly.Imports): void {
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind === 'function' && imports[from]?.[name] !== undefined) continue;
    throw new FailureSignal('MH-UNIT-007', `the module imports "${name}" from "${from}", which the host does not have`);
  }
}

function wasGrowthRefused(exports: WebAssembly.Exports | null): boolean {
  const flag = exports?.[GROWTH_REFUSED_EXPORT];
  return flag instanceof WebAssembly.Global && flag.value === 1;
}

function outcomeOf(ending: Ending, state: HostState, input: UnitInput): UnitOutcome {
  const stderrTail = stderrText(state);
  if (ending.kind === 'failure') return unitFailure(ending, stderrTail);
  if (ending.kind === 'host') return { kind: 'host-failure', code: ending.code, message: ending.message, stderrTail };
  const { exitCode } = ending;
  if (!input.okExitCodes.includes(exitCode)) {
    const message = `the program ended with exit code ${exitCode}, which is not among those that mean success (${input.okExitCodes.join(', ')})`;
    return { kind: 'unit-failure', code: 'MH-UNIT-002', exitCode, message, stderrTail };
  }
  try {
    return { kind: 'success', exitCode, ...collectSuccess(state, input.collect), stderrTail };
  } catch (error) {
    // The output may be over its limit, or this host out of memory while copying it; a second exit is impossible here.
    return outcomeOf(endingOf(error), state, input);
  }
}

function unitFailure({ code, message }: Pick<FailureSignal, 'code' | 'message'>, stderrTail: string): UnitOutcome {
  return { kind: 'unit-failure', code, exitCode: null, message, stderrTail };
}

// One run of a prepared module from its first instruction to its end.
import { type MachineOptions, UnitMachine } from './machine/unit-machine.js';
import type { UnitInput, UnitOutcome } from './unit.js';

/** A long call would stay in the engine's first, slow code: each slice enters the program anew. About 0.3 s. */
export const SLICE_FUEL = 2 ** 30;

/**
 * Runs a unit to its end, synchronously: call it in a thread that can be terminated. Whatever the program does is an outcome. Throws what
 * `UnitMachine.start` throws.
 */
export function runUnit(module: WebAssembly.Module, input: UnitInput, options: MachineOptions): UnitOutcome {
  const machine = UnitMachine.start(module, input, options);
  for (;;) {
    const end = machine.runSlice(SLICE_FUEL);
    if (end.kind === 'ended') return end.outcome;
  }
}

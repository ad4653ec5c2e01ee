// Where a program begins: a command has _start, a program of steps has init, step and finish.
import type { Abi } from '../abi/engine-names.js';
import { type FunctionType, ValueType } from '../binary/types.js';
import { refuse } from '../refusal.js';
import { type Export, ExportKind, type ModuleFacts } from './module-facts.js';

const NOTHING: FunctionType = { parameters: [], results: [] };
const STEP_TYPES: Readonly<Record<string, FunctionType>> = {
  init: NOTHING,
  step: { parameters: [], results: [ValueType.i32] },
  finish: NOTHING,
};

/** Which ABI the exports are of; throws MH-MOD-005 when they are of neither. */
export function checkEntries(facts: ModuleFacts): Abi {
  const start = facts.exports.find(({ name }) => name === '_start');
  if (start !== undefined) {
    if (!hasType(start, facts, NOTHING)) refuseEntry();
    return 'command';
  }
  const entries = Object.entries(STEP_TYPES);
  const exported = entries.filter(([name]) => facts.exports.some((item) => item.name === name));
  if (!exported.some(([name]) => name === 'step')) refuseEntry();
  const initialize = facts.exports.find(({ name }) => name === '_initialize');
  const isComplete = entries.every(([wanted, type]) => {
    const found = facts.exports.find(({ name }) => name === wanted);
    return found !== undefined && hasType(found, facts, type);
  });
  if (!isComplete || (initialize !== undefined && !hasType(initialize, facts, NOTHING))) refuseSteps();
  return 'step';
}

function hasType({ kind, index }: Export, facts: ModuleFacts, { parameters, results }: FunctionType): boolean {
  const type = facts.types[facts.functionTypes[index] ?? -1];
  if (kind !== ExportKind.function || type === undefined) return false;
  return String(type.parameters) === String(parameters) && String(type.results) === String(results);
}

function refuseEntry(): never {
  return refuse('MH-MOD-005', {
    reason: 'no-start',
    what: 'The module has no exported function _start without parameters and results: it is a library or reactor, not a program',
    why: 'the host would not know what to run',
    instead:
      'build a command (C and C++: link with a main and without -mexec-model=reactor or --no-entry; Rust: a bin target; AssemblyScript: --exportStart _start), or export init, step and finish for a program that works in steps',
  });
}

function refuseSteps(): never {
  return refuse('MH-MOD-005', {
    reason: 'incomplete-steps',
    what: 'The module exports step, but not all that a program of steps needs with the right types',
    why: 'the host calls init: () -> () once, step: () -> i32 until it gives 0, and finish: () -> (), after _initialize: () -> () when there is one',
    instead: 'export all three with these types, or _start for a command',
  });
}

// Everything that a module as the compiler wrote it must pass before it is built, or looked at.
import type { Abi } from './abi/engine-names.js';
import { measureOperandStack } from './analysis/operand-stack.js';
import { checkWithEngine } from './engine-check.js';
import { InstructionCursor } from './layout/instruction-cursor.js';
import { BodyLocals } from './layout/locals.js';
import { checkEntries } from './module/entry-exports.js';
import { type InspectedModule, inspectModule } from './module/inspect-module.js';
import type { ModuleFacts } from './module/module-facts.js';
import { RESERVED_NAMES, refuseReserved } from './module/reserved-names.js';
import { withinLimit } from './refusal.js';

export type CheckedProgram = InspectedModule & { abi: Abi };

/** Throws ManyhandsError MH-MOD-001 to MH-MOD-014. */
export function checkProgram(wasm: Uint8Array): CheckedProgram {
  const inspected = inspectModule(wasm);
  checkWithEngine(wasm);
  const reserved = inspected.facts.exports.find(({ name }) => RESERVED_NAMES.test(name));
  if (reserved !== undefined) refuseReserved({ name: reserved.name, where: 'exports' });
  checkExpressions(inspected.facts);
  return { ...inspected, abi: checkEntries(inspected.facts) };
}

/** Only for code that the engine found valid. */
function checkExpressions(facts: ModuleFacts): void {
  for (const body of facts.bodies) {
    const cursor = new InstructionCursor(body, new BodyLocals(body, 0).codeStart);
    withinLimit('expressionDepth', measureOperandStack(cursor, facts).expressionDepth, facts.limits);
  }
}

// How many bytes of native stack one call of a function takes at most, in the tier of the engine that takes the most.
import type { FunctionType } from '../binary/types.js';
import { ValueType } from '../binary/types.js';
import { InstructionCursor } from '../layout/instruction-cursor.js';
import { BodyLocals } from '../layout/locals.js';
import { measureOperandStack, type SignatureLookup } from './operand-stack.js';

const FRAME = {
  /** Each local, parameter and operand has a slot of its own in baseline code. */
  slotBytes: 8,
  vectorSlotBytes: 16,
  /** Return address, frame pointer, marker, instance, feedback, alignment and a few slots for what the engine itself keeps. */
  overheadBytes: 80,
} as const;

/** Bytes of one frame, with the arguments and results that the caller lays on the stack for it. */
export function frameBytes(body: Uint8Array, type: FunctionType, signatures: SignatureLookup): number {
  const locals = new BodyLocals(body, type.parameters.length);
  const cursor = new InstructionCursor(body, locals.codeStart);
  const operands = measureOperandStack(cursor, signatures);
  const slotsOf = (types: readonly number[]): number => types.reduce((sum, valueType) => sum + slotBytes(valueType), 0);
  return (
    FRAME.overheadBytes +
    2 * slotsOf(type.parameters) +
    slotsOf(type.results) +
    locals.declared.reduce((sum, run) => sum + run.count * slotBytes(run.type), 0) +
    (operands.maximum + operands.keptValues) * (operands.hasVectors ? FRAME.vectorSlotBytes : FRAME.slotBytes)
  );
}

function slotBytes(valueType: number): number {
  return valueType === ValueType.v128 ? FRAME.vectorSlotBytes : FRAME.slotBytes;
}

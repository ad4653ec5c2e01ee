// How many bytes a function of a finished build puts into the stack's memory when its program stops.

import { InstructionCursor } from '../layout/instruction-cursor.js';
import { BodyLocals } from '../layout/locals.js';
import { Opcode } from '../module/opcodes.js';

const STACK_MEMORY = 1;
/** Every function that stops saves, beside its locals, which of its calls it was in. */
const CALL_NUMBER_BYTES = 4;
const VECTOR_STORE = 11;
/** By opcode: bytes that a store writes. What Asyncify saves is always stored whole. */
const STORED_BYTES: Readonly<Record<number, number>> = { 54: 4, 55: 8, 56: 4, 57: 8 };

/**
 * 0 for a function that never unwinds. Asyncify stores all that it saves of one call at fixed distances from the end of the stack, and the
 * number of the call behind it, so the farthest store tells the whole.
 */
export function unwindBytes(body: Uint8Array, parameterCount: number): number {
  const cursor = new InstructionCursor(body, new BodyLocals(body, parameterCount).codeStart);
  let savedBytes = 0;
  while (cursor.next()) if (cursor.memory === STACK_MEMORY) savedBytes = Math.max(savedBytes, storeEnd(cursor));
  return savedBytes === 0 ? 0 : savedBytes + CALL_NUMBER_BYTES;
}

/** 0 for what is not a store. */
function storeEnd({ opcode, minor, offset }: InstructionCursor): number {
  const isVector = opcode === Opcode.vector && minor === VECTOR_STORE;
  const bytes = isVector ? 16 : STORED_BYTES[opcode];
  return bytes === undefined ? 0 : offset + bytes;
}

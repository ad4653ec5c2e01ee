// Initial values of globals and offsets of segments: exactly one constant.
import type { ByteReader } from '../binary/byte-reader.js';
import { ValueType } from '../binary/types.js';
import { malformed, refuse } from '../refusal.js';
import { Opcode } from './opcodes.js';

const VECTOR_CONSTANT = 12;

/** Reads the constant of a value type and the end behind it. */
export function readConstant(reader: ByteReader, type: number): void {
  const opcode = reader.u8();
  if (expectedType(opcode) !== type) refuseExpression(opcode);
  if (opcode === Opcode.i32Const) reader.skipSigned(32);
  else if (opcode === Opcode.i64Const) reader.skipSigned(64);
  else if (opcode === Opcode.f32Const) reader.take(4);
  else if (opcode === Opcode.f64Const) reader.take(8);
  else if (reader.u32() === VECTOR_CONSTANT) reader.take(16);
  else malformed('a constant is not a constant');
  readEnd(reader);
}

/** Reads the end of an expression. */
export function readEnd(reader: ByteReader): void {
  const opcode = reader.u8();
  if (opcode !== Opcode.end) refuseExpression(opcode);
}

function expectedType(opcode: number): number | null {
  const types: Readonly<Record<number, number>> = {
    [Opcode.i32Const]: ValueType.i32,
    [Opcode.i64Const]: ValueType.i64,
    [Opcode.f32Const]: ValueType.f32,
    [Opcode.f64Const]: ValueType.f64,
    [Opcode.vector]: ValueType.v128,
  };
  return types[opcode] ?? null;
}

function refuseExpression(opcode: number): never {
  return refuse('MH-MOD-011', {
    reason: 'constant-expression',
    what: `An initial value is not one plain constant of its type (found instruction 0x${opcode.toString(16)})`,
    why: 'computed initial values serve dynamic linking, where contents depend on what else was loaded',
    instead: 'link the program statically',
  });
}

// Where a NaN could show its bits, and what is put there so that every host sees the same ones.
//
// A call of a helper stands at each such place while binaryen works on the module, so that no transformation can see through it; the
// last stage puts the helper's code there instead. The module that binaryen gets has only one behaviour, whatever bits an engine gives a NaN.

import { ValueType } from '../binary/types.js';
import { Opcode } from '../module/opcodes.js';

/** The canonical NaN: positive, quiet, nothing else. */
const NAN_32: readonly number[] = [0x00, 0x00, 0xc0, 0x7f];
const NAN_64: readonly number[] = [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f];

export type NanKind = 'f32' | 'f64' | 'f32x4' | 'f64x2';
/** The order of the helpers behind the program's own functions. */
export const NAN_KINDS: readonly NanKind[] = ['f32', 'f64', 'f32x4', 'f64x2'];

/** The canonical NaN as the operands of a constant. */
const NAN_BYTES: Readonly<Record<NanKind, readonly number[]>> = {
  f32: NAN_32,
  f64: NAN_64,
  f32x4: [...NAN_32, ...NAN_32, ...NAN_32, ...NAN_32],
  f64x2: [...NAN_64, ...NAN_64],
};

/** By kind: the type of a local that holds the value, its constant, its comparison for equality, and the choice between two. */
const NAN_CODE: Readonly<
  Record<NanKind, { local: number; constant: readonly number[]; equal: readonly number[]; choose: readonly number[] }>
> = {
  f32: { local: ValueType.f32, constant: [0x43], equal: [0x5b], choose: [0x1b] },
  f64: { local: ValueType.f64, constant: [0x44], equal: [0x61], choose: [0x1b] },
  f32x4: { local: ValueType.v128, constant: [0xfd, 12], equal: [0xfd, 0x41], choose: [0xfd, 0x52] },
  f64x2: { local: ValueType.v128, constant: [0xfd, 12], equal: [0xfd, 0x47], choose: [0xfd, 0x52] },
};

/** Value on the stack -> the value when it equals itself, the canonical NaN otherwise; in vectors lane by lane. `local` is of the kind's type. */
export function canonicalCode(kind: NanKind, local: readonly number[]): readonly number[] {
  const { constant, equal, choose } = NAN_CODE[kind];
  return [0x22, ...local, ...constant, ...NAN_BYTES[kind], 0x20, ...local, 0x20, ...local, ...equal, ...choose];
}

/** The helper's body: no locals beside its parameter. */
export function helperBody(kind: NanKind): Uint8Array {
  return Uint8Array.from([0, 0x20, 0, ...canonicalCode(kind, [0]), 0x0b]);
}

const BEFORE: Readonly<Record<number, NanKind>> = {
  56: 'f32', // f32.store
  57: 'f64', // f64.store
  188: 'f32', // i32.reinterpret_f32
  189: 'f64', // i64.reinterpret_f64
  152: 'f32', // f32.copysign: the operand on top gives the sign
  166: 'f64', // f64.copysign
};
/** Vectors take scalars in: splat and replace_lane, by the number behind the prefix. */
const BEFORE_VECTOR: Readonly<Record<number, NanKind>> = { 19: 'f32', 20: 'f64', 32: 'f32', 34: 'f64' };

/** f32x4: ceil, floor, trunc, nearest, sqrt, add, sub, mul, div, min, max, pmin, pmax; and demote_zero. */
const AFTER_F32X4: readonly number[] = [
  0x67, 0x68, 0x69, 0x6a, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0x5e,
];
/** f64x2: the same, and promote_low. */
const AFTER_F64X2: readonly number[] = [
  0x74, 0x75, 0x7a, 0x94, 0xef, 0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0x5f,
];

/** What is to be made canonical on top of the stack before the instruction. Stores into globals are not listed: their type tells. */
export function kindBefore(opcode: number, minor: number): NanKind | null {
  return (opcode === Opcode.vector ? BEFORE_VECTOR[minor] : BEFORE[opcode]) ?? null;
}

/** What is to be made canonical on top of the stack after the instruction. */
export function kindAfter(opcode: number, minor: number): NanKind | null {
  if (opcode !== Opcode.vector) return null;
  if (AFTER_F32X4.includes(minor)) return 'f32x4';
  return AFTER_F64X2.includes(minor) ? 'f64x2' : null;
}

export function kindOfType(type: number): NanKind | null {
  if (type === ValueType.f32) return 'f32';
  return type === ValueType.f64 ? 'f64' : null;
}

/** A constant instruction, or a global's first value: with the canonical NaN when it is one. Others come back as they are. */
export function canonicalConstant(opcode: number, bytes: Uint8Array): Uint8Array {
  const kind = opcode === Opcode.f32Const ? 'f32' : opcode === Opcode.f64Const ? 'f64' : null;
  if (kind === null) return bytes;
  const end = 1 + NAN_BYTES[kind].length;
  return isNan(bytes.subarray(1, end)) ? Uint8Array.from([opcode, ...NAN_BYTES[kind], ...bytes.subarray(end)]) : bytes;
}

/** Whether the bytes of a float constant, lowest first, are a NaN. */
function isNan(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Number.isNaN(bytes.length === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true));
}

export function localTypeOf(kind: NanKind): number {
  return NAN_CODE[kind].local;
}

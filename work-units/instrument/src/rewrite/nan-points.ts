// Where a NaN could show its bits, and what is put there so that every host sees the same ones.
import { Opcode } from '../module/opcodes.js';
import { ValueType } from '../module/types.js';

/** The canonical NaN: positive, quiet, nothing else. */
const NAN_32: readonly number[] = [0x00, 0x00, 0xc0, 0x7f];
const NAN_64: readonly number[] = [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f];

export type NanKind = 'f32' | 'f64' | 'f32x4' | 'f64x2';

/** The canonical NaN as the operands of a constant. */
export const NAN_BYTES: Readonly<Record<NanKind, readonly number[]>> = {
  f32: NAN_32,
  f64: NAN_64,
  f32x4: [...NAN_32, ...NAN_32, ...NAN_32, ...NAN_32],
  f64x2: [...NAN_64, ...NAN_64],
};

/** By kind: the type of a local that holds the value, its constant, its comparison for equality, and the choice between two. */
export const NAN_CODE: Readonly<
  Record<NanKind, { local: number; constant: readonly number[]; equal: readonly number[]; choose: readonly number[] }>
> = {
  f32: { local: ValueType.f32, constant: [0x43], equal: [0x5b], choose: [0x1b] },
  f64: { local: ValueType.f64, constant: [0x44], equal: [0x61], choose: [0x1b] },
  f32x4: { local: ValueType.v128, constant: [0xfd, 12], equal: [0xfd, 0x41], choose: [0xfd, 0x52] },
  f64x2: { local: ValueType.v128, constant: [0xfd, 12], equal: [0xfd, 0x47], choose: [0xfd, 0x52] },
};

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

/** Whether the bytes of a float constant, lowest first, are a NaN. */
export function isNan(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Number.isNaN(bytes.length === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true));
}

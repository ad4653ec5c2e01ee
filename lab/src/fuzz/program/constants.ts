// Constants worth trying: the ends of each type, not-a-numbers of all kinds, negative zero.
import { littleEndian, signed } from './bytes.js';
import type { Random } from './random.js';
import type { Expression, Statement, ValueType } from './syntax.js';

const I32 = [0n, 1n, -1n, 2n, 7n, 31n, 32n, 255n, 4096n, 65_535n, 65_536n, 2147483647n, -2147483648n];
const I64 = [...I32, 63n, 64n, 9223372036854775807n, -9223372036854775808n, 4294967295n];
/** 0, -0, 1, -1.5, smallest, largest, infinities, quiet and signalling NaN of both signs with and without payload. */
const F32 = [
  ...[0x00000000n, 0x80000000n, 0x3f800000n, 0xbfc00000n, 0x00000001n, 0x7f7fffffn, 0x7f800000n, 0xff800000n],
  ...[0x7fc00000n, 0xffc00000n, 0x7fc12345n, 0x7f812345n, 0xff800001n, 0x4f000000n, 0xcf000001n, 0x5f000000n],
];
const F64 = [
  ...[0n, 0x8000000000000000n, 0x3ff0000000000000n, 0xbff8000000000000n, 1n, 0x7fefffffffffffffn],
  ...[0x7ff0000000000000n, 0xfff0000000000000n, 0x7ff8000000000000n, 0xfff8000000000000n, 0x7ff8000012345678n],
  ...[0x7ff0000012345678n, 0xfff0000000000001n, 0x41e0000000000000n, 0x43e0000000000000n, 0xc3e0000000000001n],
];

/** The bits of an interesting or random value. */
export function randomBits(random: Random, type: ValueType): bigint {
  const any = (BigInt(random.u32()) << 32n) | BigInt(random.u32());
  if (type === 'v128') return (randomBits(random, 'f64') << 64n) | randomBits(random, random.oneIn(2) ? 'f64' : 'i64');
  if (random.oneIn(4)) return type === 'i32' ? BigInt.asIntN(32, any) : type === 'f32' ? any & 0xffffffffn : any;
  if (random.oneIn(3) && (type === 'i32' || type === 'i64')) return BigInt(random.below(100));
  const known = { i32: I32, i64: I64, f32: F32, f64: F64 }[type];
  return random.pick(known);
}

/** The constant instruction with these bits. */
export function constant(type: ValueType, bits: bigint): Expression & { kind: 'operation' } {
  const encode = {
    i32: () => [[0x41], signed(BigInt.asIntN(32, bits))],
    i64: () => [[0x42], signed(bits)],
    f32: () => [[0x43], littleEndian(bits, 4)],
    f64: () => [[0x44], littleEndian(bits, 8)],
    v128: () => [[0xfd, 12], littleEndian(bits, 16)],
  }[type];
  const [code = [], immediates = []] = encode();
  return { kind: 'operation', type, instruction: { code, immediates }, operands: [] };
}

export const i32 = (value: number): Expression => constant('i32', BigInt(value));

/** An i32 operation on two values. */
export function binary(code: number, left: Expression, right: Expression): Expression {
  return { kind: 'operation', type: 'i32', instruction: { code: [code], immediates: [] }, operands: [left, right] };
}

/** A statement that is one instruction. */
export function effect(code: readonly number[], immediates: readonly number[], operands: Expression[]): Statement {
  return { kind: 'operation', instruction: { code, immediates }, operands };
}

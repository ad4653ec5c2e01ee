// Instructions of WebAssembly as bytes, as far as the hostile modules write them.
import { type Part, repeat, sleb, uleb } from './assemble.js';

export const i32 = (value: number): Part => [0x41, sleb(value | 0)];
export const i64 = (value: number | bigint): Part => [0x42, sleb(BigInt.asIntN(64, BigInt(value)))];
export const get = (local: number): Part => [0x20, uleb(local)];
export const set = (local: number): Part => [0x21, uleb(local)];
export const tee = (local: number): Part => [0x22, uleb(local)];
export const globalGet = (index: number): Part => [0x23, uleb(index)];
export const globalSet = (index: number): Part => [0x24, uleb(index)];
export const call = (index: number): Part => [0x10, uleb(index)];
export const callIndirect = (type: number): Part => [0x11, uleb(type), 0];
export const br = (label: number): Part => [0x0c, uleb(label)];
export const brIf = (label: number): Part => [0x0d, uleb(label)];
export const block = (...code: readonly Part[]): Part => [0x02, 0x40, ...code, 0x0b];
export const loop = (...code: readonly Part[]): Part => [0x03, 0x40, ...code, 0x0b];
export const when = (...code: readonly Part[]): Part => [0x04, 0x40, ...code, 0x0b];
/** A loop that never ends. */
export const forever = (...code: readonly Part[]): Part => loop(...code, br(0));
export const load = (at: number): Part => [i32(at), 0x28, 2, 0];
export const store = (at: number, value: Part): Part => [i32(at), value, 0x36, 2, 0];
/** Takes its operands from the stack. */
export const Op = {
  unreachable: 0x00,
  nop: 0x01,
  else: 0x05,
  return: 0x0f,
  drop: 0x1a,
  memorySize: [0x3f, 0],
  memoryGrow: [0x40, 0],
  memoryFill: [0xfc, 11, 0],
  memoryCopy: [0xfc, 10, 0, 0],
  eqz: 0x45,
  equal: 0x46,
  lessSigned: 0x48,
  add: 0x6a,
  subtract: 0x6b,
  multiply: 0x6c,
  divide: 0x6d,
  load8: [0x2d, 0, 0],
} as const satisfies Record<string, Part>;

/** Code that is charged as `fuel` and never runs: it makes an endless loop reach any limit in a blink. */
export const ballast = (fuel: number): Part =>
  repeat(Math.ceil(fuel / 900), i32(0), when(Op.unreachable, repeat(100, Op.divide, Op.drop)));

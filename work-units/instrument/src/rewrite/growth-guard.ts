// The function that stands in for memory.grow: it tells a host that is short of memory from a program that reached its maximum.
//
// A growth may be refused for two reasons: the declared maximum is reached (the program sees -1, the same everywhere), or this
// host has no memory left (the program must not see that, or its result would depend on the host). In the second case the
// guard raises a flag that only the host reads and traps, and the run counts as a failure of the host.
import { concatenate, encodeSigned, encodeU32 } from '../binary/byte-writer.js';
import { ValueType } from '../module/types.js';

/** The exported global that is 1 after a growth was refused below the maximum. */
export const GROWTH_REFUSED_EXPORT = 'manyhands:growth-refused';

/** Type of the guard: pages to add, pages before or -1. */
export const GUARD_TYPE = Uint8Array.of(0x60, 1, ValueType.i32, 1, ValueType.i32);
/** A variable i32 that starts as 0. */
export const FLAG_GLOBAL = Uint8Array.of(ValueType.i32, 1, 0x41, 0, 0x0b);

/** The body of the guard, without its length. */
export function guardBody(maximumPages: number, flagGlobal: number): Uint8Array {
  return concatenate([
    [1, 1, ValueType.i32], // one local: the answer of memory.grow
    [0x20, 0, 0x40, 0, 0x22, 1], // local.get 0, memory.grow, local.tee 1
    [0x41, 0x7f, 0x46, 0x04, 0x40], // i32.const -1, i32.eq, if
    [0x3f, 0, 0xad, 0x20, 0, 0xad, 0x7c], // size and pages to add as i64, i64.add
    [0x42, ...encodeSigned(maximumPages), 0x58, 0x04, 0x40], // i64.const maximum, i64.le_u, if
    [0x41, 1, 0x24, ...encodeU32(flagGlobal), 0x00], // raise the flag, unreachable
    [0x0b, 0x0b, 0x20, 1, 0x0b], // end, end, local.get 1, end
  ]);
}

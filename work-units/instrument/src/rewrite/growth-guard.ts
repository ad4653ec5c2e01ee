// The function that stands in for memory.grow: it tells a host that is short of memory from a program that reached its maximum.
//
// A growth may be refused for two reasons: the declared maximum is reached (the program sees -1, the same everywhere), or this
// host has no memory left (the program must not see that, or its result would depend on the host). In the second case the
// guard raises a flag that only the host reads and traps, and the run counts as a failure of the host.
import { concatenate, encodeSigned, encodeU32 } from '../binary/byte-writer.js';
import { ValueType } from '../binary/types.js';

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

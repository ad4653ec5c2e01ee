// Builds that the validator cannot tell from honest ones: shape and names are right, what they do is not.

import type { Part } from './assemble.js';
import { call, globalGet, globalSet, i32, i64, Op } from './code.js';
import { Body, FIRST_BODY, Global, Imported, plain, withBodies } from './prepared.js';

const exit: Part = [i32(0), call(Imported.exit)];
/** An i32 store to the second memory, where the stack of a stopped program is. */
const storeToStack: Part = [0x36, 0x42, 1, 0];

/** By what they do: the functions that are replaced. */
const CHANGES: Readonly<Record<string, Readonly<Record<number, Part>>>> = {
  'sets its fuel to the most there is': { [Body.work]: plain(i64(2n ** 62n), globalSet(Global.fuel)) },
  'sets its fuel to the least there is': { [Body.work]: plain(i64(-(2n ** 63n)), globalSet(Global.fuel)) },
  'raises the floor': { [Body.work]: plain(i64(2n ** 62n), globalSet(Global.floor), Op.unreachable) },
  'gives itself stack and calls itself for ever': {
    [Body.work]: plain(i64(2n ** 62n), globalSet(Global.depth), call(FIRST_BODY + Body.work)),
  },
  'never unwinds': { [Body.startUnwind]: plain() },
  'traps when it is to unwind': { [Body.startUnwind]: plain(Op.unreachable) },
  'exits when it is to unwind': { [Body.startUnwind]: plain(exit) },
  'exits when it has unwound': { [Body.stopUnwind]: plain(exit) },
  'goes on unwinding': { [Body.stopUnwind]: plain() },
  'never rewinds': { [Body.startRewind]: plain() },
  'exits when it is to rewind': { [Body.startRewind]: plain(exit) },
  'goes on rewinding': { [Body.stopRewind]: plain() },
  'says that it is in an impossible state': { [Body.getState]: plain(i32(7)) },
  'says that it always unwinds': { [Body.getState]: plain(i32(1)) },
  'says that it always rewinds': { [Body.getState]: plain(i32(2)) },
  'says that its stack is endless': {
    [Body.startUnwind]: plain(
      i32(1),
      globalSet(Global.state),
      i32(0),
      globalSet(Global.pointer),
      i32(0),
      i32(-1),
      storeToStack,
    ),
  },
  'charges nothing': { [Body.work]: plain(globalGet(Global.own), i32(1), Op.add, globalSet(Global.own)) },
};

export const MISBEHAVIOURS: readonly string[] = Object.keys(CHANGES);

export function misbehaving(honest: Uint8Array, name: string): Uint8Array {
  return withBodies(honest, CHANGES[name] ?? {});
}

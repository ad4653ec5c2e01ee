// Functions that the modes of the zoo call: recursion of every kind, and work.
import { type Body, type Part, Type } from './assemble.js';
import { ballast, brIf, call, callIndirect, get, i32, loop, Op, set, tee, when } from './code.js';
import { FIRST_FUNCTION, WASI_TYPES } from './wasi.js';

/** A function that takes an i32 has this type. */
const TAKES_NUMBER = WASI_TYPES.length + 1;

/** Functions that modes call, by their number behind the modes. */
type Helper = { code: (self: number) => Part; locals?: Body['locals']; type?: number };
type HelperName = 'recursion' | 'odd' | 'even' | 'indirect' | 'fat' | 'tree' | 'deep' | 'fatDeep' | 'nothing';
const HELPERS: Record<HelperName, Helper> = {
  recursion: { code: (self: number) => [call(self)] },
  odd: { code: (self: number) => [call(self + 1)] },
  even: { code: (self: number) => [call(self - 1)] },
  indirect: { code: () => [i32(0), callIndirect(0)] },
  // Large frame, and everything in it is needed after the call.
  fat: { code: (self: number) => [call(self), repeatLocals(600)], locals: [[600, Type.i64]] as const },
  // Calls itself twice: no loop, and no end within the age of the world.
  tree: {
    code: (self: number) => [
      get(0),
      Op.eqz,
      when(Op.return),
      ballast(4_000),
      twice([get(0), i32(1), Op.subtract, call(self)]),
    ],
    type: TAKES_NUMBER,
  },
  // As deep as it is told, then it works for long: what a stop there has to keep is as much as can be.
  deep: {
    code: (self: number) => [
      get(0),
      when(get(0), i32(1), Op.subtract, call(self)),
      get(0),
      Op.eqz,
      when(i32(3_000), set(1), loop(call(helper('nothing')), get(1), i32(1), Op.subtract, tee(1), brIf(0))),
      repeatLocals(40, 2),
    ],
    type: TAKES_NUMBER,
    locals: [
      [1, Type.i32],
      [40, Type.i64],
    ] as const,
  },
  // The same with frames that are as large as few programs have.
  fatDeep: {
    code: (self) => [
      get(0),
      when(get(0), i32(1), Op.subtract, call(self)),
      get(0),
      Op.eqz,
      when(i32(3_000), set(1), loop(call(helper('nothing')), get(1), i32(1), Op.subtract, tee(1), brIf(0))),
      repeatLocals(600, 2),
    ],
    type: TAKES_NUMBER,
    locals: [
      [1, Type.i32],
      [600, Type.i64],
    ],
  },
  nothing: { code: () => [ballast(2_000)] },
};

function twice(code: Part): Part {
  return [code, code];
}

/** Reads and drops locals, so that they live until here. */
function repeatLocals(count: number, first = 0): Part {
  return Array.from({ length: count }, (_, index) => [get(first + index), Op.drop]);
}

/** The number of a helper in the zoo. */
export const helper = (name: HelperName): number => FIRST_FUNCTION + 1 + Object.keys(HELPERS).indexOf(name);

/** All of them in order; they stand behind `_start`. */
export const HELPER_FUNCTIONS: readonly Body[] = Object.values<Helper>(HELPERS).map(
  ({ code, locals = [], type = 0 }, index) => ({ code: code(FIRST_FUNCTION + 1 + index), locals, type }),
);

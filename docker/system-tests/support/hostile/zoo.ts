// One program with all modes of bad behaviour: `zoo <number of the mode>`.
import { assemble, type Part, Type } from './assemble.js';
import { block, br, brIf, call, get, i32, load, loop, Op, set, when } from './code.js';
import { At, FIRST_FUNCTION, WASI_IMPORTS, WASI_TYPES, wasi } from './wasi.js';
import { HELPER_FUNCTIONS, helper } from './zoo-helpers.js';
import { MODES, NAMES, nameAt, ZOO_PAGES } from './zoo-modes.js';

/** Arguments from here on are not modes: so much deeper, a recursion stops and works for a while. */
export const DEEP = 1_000;
export const FAT_DEEP = 1_000_000;

const FIRST_MODE = FIRST_FUNCTION + 1 + HELPER_FUNCTIONS.length;

/** Reads the mode from argument 1 and calls it. */
function dispatch(): Part {
  const digit: Part = [get(0), Op.load8];
  return [
    wasi('args_get', i32(0), i32(At.buffer)),
    Op.drop,
    load(4),
    set(0),
    block(
      loop(
        digit,
        Op.eqz,
        brIf(1),
        get(1),
        i32(10),
        Op.multiply,
        digit,
        Op.add,
        i32(48),
        Op.subtract,
        set(1),
        get(0),
        i32(1),
        Op.add,
        set(0),
        br(0),
      ),
    ),
    [get(1), i32(FAT_DEEP), Op.lessSigned, Op.eqz],
    when(get(1), i32(FAT_DEEP), Op.subtract, call(helper('fatDeep')), Op.return),
    [get(1), i32(DEEP), Op.lessSigned, Op.eqz],
    when(get(1), i32(DEEP), Op.subtract, call(helper('deep')), Op.return),
    MODES.map((_, number) => [get(1), i32(number), Op.equal, when(call(FIRST_MODE + number))]),
  ];
}

/** The module: exports with names that harm careless JavaScript, and all modes. */
export function zooModule(): Uint8Array<ArrayBuffer> {
  const start = FIRST_FUNCTION;
  return assemble({
    types: [...WASI_TYPES, { parameters: [Type.i32] }],
    imports: WASI_IMPORTS,
    functions: [{ code: dispatch(), locals: [[2, Type.i32]] }, ...HELPER_FUNCTIONS, ...MODES],
    memory: [2, ZOO_PAGES],
    table: 3,
    raw: { 9: [2, 0, i32(0), 0x0b, 1, helper('indirect'), 0, i32(2), 0x0b, 1, helper('tree')] },
    // Names that harm careless JavaScript.
    moreExports: ['then', 'constructor', 'toString', '__proto__', 'hasOwnProperty'].map((name) => [name, 0, start]),
    exports: { _start: start },
    data: Object.entries(NAMES).map(([name, value]) => ({
      at: nameAt(name as keyof typeof NAMES),
      bytes: Buffer.from(value),
    })),
  });
}

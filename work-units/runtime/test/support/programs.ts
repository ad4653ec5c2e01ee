// Programs for tests of the machine, in WebAssembly by hand: small, but with every kind of state that a checkpoint has to carry.

import { uleb } from '../../src/pages/wasm-bytes.js';
import { bytesOf } from './guest.js';
import { call, F64, I32, I64, i32, i64, type TestModule } from './wasm-builder.js';

const DROP = 0x1a;
const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const add = 0x6a;
/** The list of one buffer at 0: 16 bytes at 64. Paths at 200. */
const BUFFER = { offset: 0, bytes: [64, 0, 0, 0, 16, 0, 0, 0] };
const DATA = [BUFFER, { offset: 200, bytes: [...bytesOf('made')] }, { offset: 204, bytes: [...bytesOf('input')] }];

const TYPES: NonNullable<TestModule['types']> = [
  { parameters: [I32, I32], results: [I32] },
  { parameters: [I32, I32, I32, I32], results: [I32] },
  { parameters: [I32, I32, I32, I32, I32, I64, I64, I32, I32], results: [I32] },
  { parameters: [I32], results: [I32] },
];
const IMPORTS = [
  { name: 'random_get', type: 1 },
  { name: 'fd_write', type: 2 },
  { name: 'path_open', type: 3 },
  { name: 'fd_read', type: 2 },
];
const open = (path: [number, number], flags: number): number[] => [
  ...[3, 0, ...path, flags].flatMap(i32),
  ...i64(0x1fff_ffffn),
  ...i64(0n),
  ...[0, 40].flatMap(i32),
  ...call(2),
  DROP,
];
const transfer = (fd: number, index: number): number[] => [...[fd, 0, 1, 44].flatMap(i32), ...call(index), DROP];
const setGlobal = (index: number, code: readonly number[]): number[] => [...code, 0x24, index];

/** `recursive(depth)`: adds up words in a leaf loop at the bottom of a recursion. Function 5, behind four imports and the main function. */
const RECURSIVE = [
  ...[...get(0), 0x45, 0x04, I32],
  ...[...i32(0), ...set(1), 0x03, 0x40],
  ...[...get(1), ...get(2), 0x28, 2, ...uleb(4096), add, ...set(1)],
  ...[...get(2), ...i32(4), add, 0x22, 2, ...i32(160), 0x49, 0x0d, 0, 0x0b, ...get(1)],
  0x05,
  ...[...get(0), ...i32(1), 0x6b, ...call(5), ...get(0), add],
  0x0b,
];
/** One round; its number is in local 0. */
const ROUND = [
  ...[...i32(64), ...i32(16), ...call(0), DROP],
  // global 0 (i64) = global 0 * 31 + random; global 1 (f64) = -global 1 / 3
  ...setGlobal(0, [0x23, 0, ...i64(31n), 0x7e, ...i32(64), 0x29, 3, 0, 0x7c]),
  ...setGlobal(1, [0x23, 1, 0x9a, 0x44, 0, 0, 0, 0, 0, 0, 8, 0x40, 0xa3]),
  // memory[4096 + 8 * (round % 20)] = global 0; memory[64..] = recursion
  ...[...get(0), ...i32(20), 0x70, ...i32(8), 0x6c, 0x23, 0, 0x37, 3, ...uleb(4096)],
  ...[...i32(64), ...i32(4), ...call(5), 0x36, 2, 0],
  ...[...i32(72), 0x23, 1, 0x39, 3, 0],
  ...transfer(1, 1),
  ...transfer(4, 1),
  // every 16th round: memory.grow(1), then one word at the start of the new page
  ...[...get(0), ...i32(16), 0x70, 0x45, 0x04, 0x40],
  ...[...i32(1), 0x40, 0, ...i32(65536), 0x6c, ...get(0), 0x36, 2, 0, 0x0b],
];
const PREPARATION = [...open([200, 4], 1), ...open([204, 5], 0), ...transfer(5, 3), ...transfer(2, 1)];
const STATE: Pick<TestModule, 'types' | 'imports' | 'memory' | 'globals' | 'data'> = {
  types: TYPES,
  imports: IMPORTS,
  memory: [0, 1],
  globals: [
    [I64, 1, 0x42, 7, 0x0b],
    [F64, 1, 0x44, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x0b],
    [I32, 1, ...i32(0), 0x0b],
  ],
  data: DATA,
};

/**
 * Makes and reads files, then `rounds` times: takes randomness, mixes it with its globals in a recursion of depth 4 and a leaf loop, writes to standard output and a
 * file, fills a page and grows the memory now and then.
 */
export function busyProgram(rounds: number): TestModule {
  const code = [
    ...PREPARATION,
    ...[...i32(rounds), ...set(0), 0x03, 0x40, ...ROUND],
    ...[...get(0), ...i32(1), 0x6b, 0x22, 0, 0x0d, 0, 0x0b],
  ];
  return {
    ...STATE,
    functions: [
      { locals: [I32], code },
      { type: 4, locals: [I32, I32], code: RECURSIVE },
    ],
  };
}

/** The same work as a step program, a round each step. Global 2 counts rounds down. */
export function busySteps(rounds: number): TestModule {
  const init = [...PREPARATION, ...setGlobal(2, i32(rounds))];
  const step = [0x23, 2, ...set(0), ...ROUND, ...setGlobal(2, [...get(0), ...i32(1), 0x6b]), 0x23, 2];
  return {
    ...STATE,
    types: [...TYPES, { parameters: [], results: [I32] }],
    functions: [
      { code: init },
      { type: 4, locals: [I32, I32], code: RECURSIVE },
      { type: 5, locals: [I32], code: step },
      { code: transfer(1, 1) },
    ],
    entries: { init: 0, step: 2, finish: 3 },
  };
}

/** What the busy program is given. */
export const BUSY_INPUT = {
  files: [{ name: 'input', bytes: bytesOf('sixteen bytes of input, and some more') }],
  stdin: bytesOf('never read'),
  collect: ['made'],
  seed: Uint8Array.of(1, 2, 3),
};

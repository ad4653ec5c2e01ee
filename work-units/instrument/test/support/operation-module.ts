// Modules that apply operations to rows of operands in memory and leave the results in memory.
import { i32, list, text, uleb } from '../../../runtime/test/support/wasm-builder.js';
import type { Operation } from './operations.js';
import { T, type ValueType } from './value-types.js';

/** Three operands of 16 bytes. */
export const ROW_BYTES = 48;
export const RESULTS = 16_384;
export const RESULT_BYTES = 16;
/** Where loads and stores go: behind the results. */
const SCRATCH = 49_152;

const LOADS: Readonly<Record<ValueType, readonly number[]>> = {
  [T.i32]: [0x28, 0],
  [T.i64]: [0x29, 0],
  [T.f32]: [0x2a, 0],
  [T.f64]: [0x2b, 0],
  [T.v128]: [0xfd, 0, 0],
};
const STORES: Readonly<Record<ValueType, readonly number[]>> = {
  [T.i32]: [0x36, 0],
  [T.i64]: [0x37, 0],
  [T.f32]: [0x38, 0],
  [T.f64]: [0x39, 0],
  [T.v128]: [0xfd, 11, 0],
};

/** One function that applies the operation to row `local 0` and stores what it gives at that row's place, `offset` bytes further. */
function applying({ code, parameters, result, isMemory }: Operation, offset: number): number[] {
  const operands = parameters.map((type, index) => {
    if (isMemory && index === 0) return i32(SCRATCH);
    return [0x20, 0, ...i32(ROW_BYTES), 0x6c, ...LOADS[type], ...uleb(16 * index)];
  });
  const place = [0x20, 0, ...i32(RESULT_BYTES), 0x6c];
  const at = uleb(RESULTS + offset);
  if (result !== null) return [...place, ...operands.flat(), ...code, ...STORES[result], ...at];
  // A store shows in what lies there afterwards.
  const shown = [...place, ...i32(SCRATCH), 0xfd, 0, 0, 0, ...STORES[T.v128], ...at];
  return [...operands.flat(), ...code, ...shown];
}

/** Steps through all rows with one operation: a row that traps can be left behind. Its global 0 counts. */
export function stepModule(operation: Operation, rows: Uint8Array): Uint8Array<ArrayBuffer> {
  const rowCount = rows.length / ROW_BYTES;
  const step = [
    ...[0x23, 0, 0x21, 0, 0x23, 0, ...i32(1), 0x6a, 0x24, 0],
    ...applying(operation, 0),
    ...[0x23, 0, ...i32(rowCount), 0x49],
  ];
  return assemble({
    types: [
      [0x60, 0, 0],
      [0x60, 0, 1, T.i32],
    ],
    functions: [
      { type: 0, locals: [], code: [] },
      { type: 1, locals: [[1, T.i32]], code: step },
    ],
    entries: [
      ['init', 0],
      ['step', 1],
      ['finish', 0],
    ],
    rows,
  });
}

/** A command, or the same by steps, that applies many operations to every row; each operation after the others, so that only sums of results fit. */
export function allOperationsModule(
  operations: readonly Operation[],
  rows: Uint8Array,
  abi: 'command' | 'step',
): Uint8Array<ArrayBuffer> {
  const rowCount = rows.length / ROW_BYTES;
  const last = operations.length;
  const each = operations.map((operation) => ({
    type: 2,
    locals: [[1, T.i32]],
    // Mixes the result into the 16 bytes that the row has behind its place.
    code: [...applying(operation, 0), ...mix()],
  }));
  const call = (index: number): number[] => [0x20, 0, 0x10, ...uleb(index)];
  const loop = [
    ...[0x03, 0x40],
    ...operations.flatMap((_, index) => call(index)),
    ...[0x20, 0, ...i32(1), 0x6a, 0x22, 0, ...i32(rowCount), 0x49, 0x0d, 0, 0x0b],
  ];
  return assemble({
    types: [
      [0x60, 0, 0],
      [0x60, 0, 1, T.i32],
      [0x60, 1, T.i32, 0],
    ],
    functions: [
      ...each,
      { type: 0, locals: [[1, T.i32]], code: loop },
      { type: 0, locals: [], code: [] },
      { type: 1, locals: [], code: [0x10, ...uleb(last), ...i32(0)] },
    ],
    entries:
      abi === 'command'
        ? [['_start', last]]
        : [
            ['init', last + 1],
            ['step', last + 2],
            ['finish', last + 1],
          ],
    rows,
  });
}

/** sum := (sum rotated by one lane) xor the result, 8,192 bytes behind it. */
function mix(): number[] {
  const place = [0x20, 0, ...i32(RESULT_BYTES), 0x6c];
  const sum = [...place, 0xfd, 0, 0, ...uleb(RESULTS + 8_192)];
  const turn = [0xfd, 13, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3];
  const result = [...place, 0xfd, 0, 0, ...uleb(RESULTS)];
  return [...place, ...sum, ...sum, ...turn, ...result, 0xfd, 0x51, 0xfd, 11, 0, ...uleb(RESULTS + 8_192)];
}

type Parts = {
  types: readonly (readonly number[])[];
  functions: readonly { type: number; locals: readonly (readonly number[])[]; code: readonly number[] }[];
  entries: readonly (readonly [name: string, index: number])[];
  rows: Uint8Array;
};

function assemble({ types, functions, entries, rows }: Parts): Uint8Array<ArrayBuffer> {
  const bodies = functions.map(({ locals, code }) => {
    const body = [...list(locals), ...code, 0x0b];
    return [...uleb(body.length), ...body];
  });
  const exports = [
    [...text('memory'), 2, 0],
    ...entries.map(([name, index]) => [...text(name), 0, ...uleb(index)]),
    [...text('g0'), 3, 0],
  ];
  const sections: [number, number[]][] = [
    [1, list(types)],
    [3, list(functions.map(({ type }) => uleb(type)))],
    [5, [1, 1, 1, 1]],
    [6, list([[T.i32, 1, ...i32(0), 0x0b]])],
    [7, list(exports)],
    [10, list(bodies)],
    [11, [1, 0, ...i32(0), 0x0b, ...uleb(rows.length), ...rows]],
  ];
  const whole = sections.flatMap(([id, payload]) => [id, ...uleb(payload.length), ...payload]);
  return Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...whole]);
}

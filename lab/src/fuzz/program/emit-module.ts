// Assembles the module of a program: the guest that scientists would upload, or the reference.
import { list, littleEndian, signed, sized, text, unsigned } from './bytes.js';
import { constant, i32 } from './constants.js';
import { emitFunction, type Layout } from './emit-function.js';
import { type Expression, type ImportName, type Program, TYPE_BYTES, type ValueType } from './syntax.js';

type FunctionType = { parameters: readonly ValueType[]; results: readonly ValueType[] };

const IMPORTS: readonly { name: ImportName; type: FunctionType }[] = [
  { name: 'fd_write', type: { parameters: ['i32', 'i32', 'i32', 'i32'], results: ['i32'] } },
  { name: 'random_get', type: { parameters: ['i32', 'i32'], results: ['i32'] } },
  { name: 'sched_yield', type: { parameters: [], results: ['i32'] } },
  { name: 'args_sizes_get', type: { parameters: ['i32', 'i32'], results: ['i32'] } },
  { name: 'proc_exit', type: { parameters: ['i32'], results: [] } },
];
const STACK_LOOP: FunctionType = { parameters: ['i64', 'i32'], results: ['i64'] };
/** The reference exports the fuel that it has used. */
export const REFERENCE_FUEL_EXPORT = 'fuel';
/** Memory that the app version of a generated program may have. */
export const MEMORY_PAGES_MAXIMUM = 4;

/** The module that is instrumented. */
export function emitGuest(program: Program): Uint8Array<ArrayBuffer> {
  return emitModule(program, null);
}

/** A module that does the same with a counter of its own, and traps once it has used more than `fuelMaximum`. */
export function emitReference(program: Program, fuelMaximum: number): Uint8Array<ArrayBuffer> {
  return emitModule(program, fuelMaximum);
}

function emitModule(program: Program, fuelMaximum: number | null): Uint8Array<ArrayBuffer> {
  const { functions, globals, segments } = program;
  const types: FunctionType[] = [...IMPORTS.map(({ type }) => type), STACK_LOOP, ...functions];
  const layout: Layout = {
    importIndex: (name) => IMPORTS.findIndex((imported) => imported.name === name),
    functionShift: IMPORTS.length,
    typeOfFunction: (index) => IMPORTS.length + 1 + index,
    stackLoopType: IMPORTS.length,
    reference: fuelMaximum === null ? null : { fuelGlobal: globals.length, fuelMaximum },
  };
  const exports = [
    [...text('memory'), 2, 0],
    [...text('_start'), 0, ...unsigned(IMPORTS.length)],
    ...(fuelMaximum === null ? [] : [[...text(REFERENCE_FUEL_EXPORT), 3, ...unsigned(globals.length)]]),
  ];
  const pages = unsigned(program.memoryPages);
  const sections: [number, number[]][] = [
    [1, list(types.map(typeBytes))],
    [
      2,
      list(IMPORTS.map(({ name }, index) => [...text('wasi_snapshot_preview1'), ...text(name), 0, ...unsigned(index)])),
    ],
    [3, list(functions.map((_, index) => unsigned(layout.typeOfFunction(index))))],
    [4, list([[0x70, 1, ...unsigned(program.table.length), ...unsigned(program.table.length)]])],
    [5, list([fuelMaximum === null ? [0, ...pages] : [1, ...pages, ...unsigned(MEMORY_PAGES_MAXIMUM)]])],
    [6, list([...globals.map(globalBytes), ...(fuelMaximum === null ? [] : [[0x7e, 1, 0x42, 0, 0x0b]])])],
    [7, list(exports)],
    [9, list(tableSegments(program.table))],
    [12, unsigned(segments.length + 1)],
    [10, list(functions.map((tree) => emitFunction(tree, program, layout)))],
    [11, list([...segments.map((bytes) => [1, ...sized(bytes)]), arenaSegment()])],
  ];
  const magic = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  return Uint8Array.from([...magic, ...sections.flatMap(([id, payload]) => [id, ...sized(payload)])]);
}

function typeBytes({ parameters, results }: FunctionType): number[] {
  return [0x60, ...[parameters, results].flatMap((types) => list(types.map((type) => [TYPE_BYTES[type]])))];
}

function globalBytes({ type, isMutable, bits }: Program['globals'][number]): number[] {
  return [TYPE_BYTES[type], isMutable ? 1 : 0, ...plain(constant(type, bits)), 0x0b];
}

function plain(expression: Expression & { kind: 'operation' }): number[] {
  return [...expression.instruction.code, ...expression.instruction.immediates];
}

/** One segment for each function: entries between them stay empty. */
function tableSegments(table: Program['table']): number[][] {
  return table.flatMap((callee, index) =>
    callee === null ? [] : [[0, 0x41, ...signed(BigInt(index)), 0x0b, ...list([unsigned(callee + IMPORTS.length)])]],
  );
}

/** Some numbers and a few not-a-numbers in memory from the start. */
function arenaSegment(): number[] {
  const words = [
    0x7ff8000000000001n,
    0xfff4000000000000n,
    0x7fc000017f800001n,
    0x0123456789abcdefn,
    0x8000000000000000n,
  ];
  const offset = i32(256) as Expression & { kind: 'operation' };
  return [0, ...plain(offset), 0x0b, ...sized(words.flatMap((word) => littleEndian(word, 8)))];
}

// The imports of the hostile programs: their numbers and types, and calls with fixed addresses.
import { type Import, type Part, type Signature, Type } from './assemble.js';
import { call, i32, i64, store } from './code.js';

const { i32: i, i64: I } = Type;

/** Parameters of each function; all but proc_exit give an i32. */
const PARAMETERS = {
  args_get: [i, i],
  args_sizes_get: [i, i],
  clock_time_get: [i, I, i],
  fd_close: [i],
  fd_pread: [i, i, i, I, i],
  fd_read: [i, i, i, i],
  fd_readdir: [i, i, i, I, i],
  fd_renumber: [i, i],
  fd_seek: [i, I, i, i],
  fd_write: [i, i, i, i],
  path_create_directory: [i, i, i],
  path_filestat_get: [i, i, i, i, i],
  path_link: [i, i, i, i, i, i, i],
  path_open: [i, i, i, i, i, I, I, i, i],
  path_rename: [i, i, i, i, i, i],
  path_symlink: [i, i, i, i, i],
  poll_oneoff: [i, i, i, i],
  proc_exit: [i],
  proc_raise: [i],
  random_get: [i, i],
  sock_accept: [i, i, i],
  sock_recv: [i, i, i, i, i, i],
  sock_send: [i, i, i, i, i],
} as const satisfies Record<string, readonly number[]>;

type Name = keyof typeof PARAMETERS;
const NAMES = Object.keys(PARAMETERS) as Name[];

/** Types 1 and up of a module with these imports. */
export const WASI_TYPES: readonly Signature[] = Object.entries(PARAMETERS).map(([name, parameters]) => ({
  parameters,
  results: name === 'proc_exit' ? [] : [i],
}));
export const WASI_IMPORTS: readonly Import[] = NAMES.map((name, index) => ({ name, type: index + 1 }));
/** The number of the first function that a module with these imports defines. */
export const FIRST_FUNCTION = NAMES.length;

/** A call of an import; `parameters` push its operands. */
export const wasi = (name: Name, ...parameters: readonly Part[]): Part => [...parameters, call(NAMES.indexOf(name))];

/** Ends the program with the i32 on the stack as its exit code. */
export const exitWithTop: Part = call(NAMES.indexOf('proc_exit'));

/** Where iovecs, answers and names stand in the first page. */
export const At = { vector: 64, answer: 96, name: 128, buffer: 1024 } as const;

/** `fd_write` of `length` bytes from the buffer; leaves the error number. */
export const write = (descriptor: number, length: number): Part => [
  store(At.vector, i32(At.buffer)),
  store(At.vector + 4, i32(length)),
  wasi('fd_write', i32(descriptor), i32(At.vector), i32(1), i32(At.answer)),
];

/** `path_open` below the root folder with all rights; leaves the error number. */
export const open = (at: number, length: number, flags = 0): Part =>
  wasi('path_open', i32(3), i32(0), i32(at), i32(length), i32(flags), i64(-1), i64(-1), i32(0), i32(At.answer));

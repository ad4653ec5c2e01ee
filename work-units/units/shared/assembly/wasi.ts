// The little of WASI preview 1 that the example units use: arguments, whole-file reading, buffered writing, exit.
// A unit imports only those functions of WASI that it reaches: the compiler drops the others.
@external("wasi_snapshot_preview1", "args_sizes_get")
declare function args_sizes_get(count: usize, size: usize): i32;
@external("wasi_snapshot_preview1", "args_get")
declare function args_get(pointers: usize, buffer: usize): i32;
@external("wasi_snapshot_preview1", "path_open")
declare function path_open(folder: i32, lookup: i32, path: usize, length: usize, open: i32, rights: i64, inheriting: i64, flags: i32, fd: usize): i32;
@external("wasi_snapshot_preview1", "fd_read")
declare function fd_read(fd: i32, vectors: usize, count: i32, read: usize): i32;
@external("wasi_snapshot_preview1", "fd_write")
declare function fd_write(fd: i32, vectors: usize, count: i32, written: usize): i32;
@external("wasi_snapshot_preview1", "proc_exit")
declare function proc_exit(code: i32): void;

export const STDIN: i32 = 0;
const STDOUT: i32 = 1;
const STDERR: i32 = 2;
const ROOT_FOLDER: i32 = 3;
const RIGHT_TO_READ: i64 = 1 << 1;

/** The exit codes that all units share; each unit's SPEC.md lists them with its own. */
export const EXIT_ARGUMENTS: i32 = 2;
export const EXIT_INPUT: i32 = 3;
const EXIT_OUTPUT: i32 = 6;

const vector = memory.data(8);
const result = memory.data(8);
const BUFFER_BYTES: i32 = 16384;
const buffer = memory.data(BUFFER_BYTES);
let buffered: i32 = 0;

/** Writes everything or returns false. */
function writeAll(fd: i32, pointer: usize, length: i32): bool {
  while (length > 0) {
    store<u32>(vector, <u32>pointer);
    store<u32>(vector + 4, <u32>length);
    if (fd_write(fd, vector, 1, result) != 0) return false;
    const written = load<i32>(result);
    if (written <= 0) return false;
    pointer += written;
    length -= written;
  }
  return true;
}

/** Sends the buffered output to stdout. */
export function flush(): void {
  const length = buffered;
  buffered = 0;
  if (!writeAll(STDOUT, buffer, length)) fail(EXIT_OUTPUT, "stdout cannot be written");
}

export function printByte(byte: i32): void {
  if (buffered == BUFFER_BYTES) flush();
  store<u8>(buffer + buffered++, <u8>byte);
}

/** Prints a text of ASCII characters. */
export function printText(text: string): void {
  for (let at = 0; at < text.length; at++) printByte(text.charCodeAt(at));
}

/** Prints a whole number from 0 on. */
export function printNumber(value: i64): void {
  let unit: i64 = 1;
  while (value / unit >= 10) unit *= 10;
  for (; unit > 0; unit /= 10) printByte(48 + <i32>((value / unit) % 10));
}

let programName: string = "";

/** Says how the unit calls itself on stderr. */
export function nameProgram(name: string): void {
  programName = name;
}

/** Ends the unit: one line on stderr, nothing more on stdout. */
export function fail(code: i32, message: string): void {
  buffered = 0;
  printText(programName);
  printText(": ");
  printText(message);
  printByte(10);
  writeAll(STDERR, buffer, buffered);
  proc_exit(code);
  unreachable();
}

let argumentCount: i32 = 0;
let argumentPointers: usize = 0;

/** Loads the arguments and returns how many there are, the program's name included. */
export function loadArguments(): i32 {
  if (args_sizes_get(result, result + 4) != 0) fail(EXIT_ARGUMENTS, "the arguments cannot be read");
  argumentCount = load<i32>(result);
  argumentPointers = heap.alloc(4 * argumentCount + 4);
  const bytes = heap.alloc(load<i32>(result + 4) + 1);
  if (args_get(argumentPointers, bytes) != 0) fail(EXIT_ARGUMENTS, "the arguments cannot be read");
  return argumentCount;
}

/** The address of a zero-terminated argument. */
export function argument(index: i32): usize {
  return load<u32>(argumentPointers + 4 * index);
}

/** Where the last readAll left the bytes. */
export let readPointer: usize = 0;

/** Reads a descriptor to its end; returns the length, -1 on an error, or `limit + 1` when there is more than `limit`. */
export function readAll(fd: i32, limit: i32): i32 {
  const step = 65536;
  let capacity = step;
  let length = 0;
  readPointer = heap.alloc(capacity);
  while (length <= limit) {
    if (length == capacity) {
      capacity += step;
      readPointer = heap.realloc(readPointer, capacity);
    }
    store<u32>(vector, <u32>(readPointer + length));
    store<u32>(vector + 4, <u32>(capacity - length));
    if (fd_read(fd, vector, 1, result) != 0) return -1;
    const got = load<i32>(result);
    if (got == 0) return length;
    length += got;
  }
  return limit + 1;
}

/** Opens a file of the root folder for reading; returns its descriptor or -1. The name is ASCII. */
export function openFile(name: string): i32 {
  const path = heap.alloc(name.length);
  for (let at = 0; at < name.length; at++) store<u8>(path + at, <u8>name.charCodeAt(at));
  if (path_open(ROOT_FOLDER, 0, path, name.length, 0, RIGHT_TO_READ, 0, 0, result) != 0) return -1;
  return load<i32>(result);
}

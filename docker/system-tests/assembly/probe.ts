// The program of the system tests, a WASI preview 1 command: `probe <mode> [number]`.
//   work N    mixes stdin N million times, prints the hash    fail N    says why on stderr, ends with exit code N
//   loop      never ends                                      trap      executes unreachable
//   memory    takes memory until there is none                output    writes without end
//   bytes N   prints N bytes                                  file N    writes N bytes to out.bin
//   hoard N M fills N MiB with noise, changes words in it M million times, prints a hash of all

@external("wasi_snapshot_preview1", "args_sizes_get")
declare function args_sizes_get(count: usize, size: usize): i32;
@external("wasi_snapshot_preview1", "args_get")
declare function args_get(argv: usize, buffer: usize): i32;
@external("wasi_snapshot_preview1", "fd_read")
declare function fd_read(fd: i32, iovs: usize, count: i32, read: usize): i32;
@external("wasi_snapshot_preview1", "fd_write")
declare function fd_write(fd: i32, iovs: usize, count: i32, written: usize): i32;
@external("wasi_snapshot_preview1", "path_open")
declare function path_open(fd: i32, flags: i32, path: usize, length: i32, oflags: i32, base: i64, inheriting: i64, fdflags: i32, opened: usize): i32;
@external("wasi_snapshot_preview1", "proc_exit")
declare function proc_exit(code: i32): void;

const PAGE: usize = 65536;
/** Fixed places in the first pages beside the static data. */
const SCRATCH: usize = 8192;
const ARGV: usize = 9216;
const WORDS: usize = 10240;
const BUFFER: usize = PAGE;

function write(fd: i32, from: usize, length: i32): void {
  store<u32>(SCRATCH, <u32>from);
  store<u32>(SCRATCH + 4, length);
  fd_write(fd, SCRATCH, 1, SCRATCH + 8);
}

function startsWith(word: usize, letter: i32, second: i32): bool {
  return load<u8>(word) == letter && load<u8>(word + 1) == second;
}

function number(word: usize): i32 {
  let value = 0;
  for (; load<u8>(word) != 0; word++) value = value * 10 + (load<u8>(word) - 48);
  return value;
}

function hash(rounds: i32): u64 {
  let state: u64 = 14695981039346656037;
  store<u32>(SCRATCH, <u32>BUFFER);
  store<u32>(SCRATCH + 4, 60000);
  for (;;) {
    fd_read(0, SCRATCH, 1, SCRATCH + 8);
    const length = load<u32>(SCRATCH + 8);
    if (length == 0) break;
    for (let i: usize = 0; i < length; i++) state = (state ^ load<u8>(BUFFER + i)) * 1099511628211;
  }
  for (let round = 0; round < rounds; round++)
    for (let i = 0; i < 1000000; i++) state = (state ^ (state >> 29)) * 0xbf58476d1ce4e5b9 + <u64>i;
  return state;
}

function printHash(value: u64): void {
  for (let i = 0; i < 16; i++) {
    const digit = <i32>((value >> (60 - 4 * <u64>i)) & 15);
    store<u8>(BUFFER + i, digit < 10 ? 48 + digit : 87 + digit);
  }
  store<u8>(BUFFER + 16, 10);
  write(1, BUFFER, 17);
}

function writeMany(fd: i32, count: i32): void {
  for (let i: usize = 0; i < 50000; i++) store<u8>(BUFFER + i, <u8>(97 + i % 26));
  while (count > 0) {
    write(fd, BUFFER, min(count, 50000));
    count -= 50000;
  }
}

function mix(state: u64): u64 {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^ (state << 17);
}

function hoard(mebibytes: i32, rounds: i32): u64 {
  const from = <usize>memory.size() * PAGE;
  memory.grow(mebibytes * 16);
  const words: usize = <usize>mebibytes << 17;
  let state: u64 = 88172645463325252;
  for (let i: usize = 0; i < words; i++) store<u64>(from + (i << 3), (state = mix(state)));
  for (let round = 0; round < rounds; round++)
    for (let i = 0; i < 1000000; i++) {
      state = mix(state);
      const at = from + (<usize>(state % <u64>words) << 3);
      store<u64>(at, load<u64>(at) + state);
    }
  let sum: u64 = 0;
  for (let i: usize = 0; i < words; i++) sum = sum * 1000003 + load<u64>(from + (i << 3));
  return sum;
}

export function _start(): void {
  memory.grow(1);
  args_sizes_get(SCRATCH, SCRATCH + 4);
  const count = load<u32>(SCRATCH);
  args_get(ARGV, WORDS);
  const mode = <usize>load<u32>(ARGV + 4);
  const value = count > 2 ? number(<usize>load<u32>(ARGV + 8)) : 0;
  if (startsWith(mode, 119, 111)) printHash(hash(value)); // work
  else if (startsWith(mode, 108, 111)) while (true) store<u32>(SCRATCH, load<u32>(SCRATCH) + 1); // loop
  else if (startsWith(mode, 109, 101)) while (memory.grow(16) >= 0) memory.fill((<usize>memory.size() - 16) * PAGE, 1, 16 * PAGE); // memory
  else if (startsWith(mode, 111, 117)) while (true) writeMany(1, 50000); // output
  else if (startsWith(mode, 116, 114)) unreachable(); // trap
  else if (startsWith(mode, 98, 121)) writeMany(1, value); // bytes
  else if (startsWith(mode, 104, 111)) printHash(hoard(value, number(<usize>load<u32>(ARGV + 12)))); // hoard
  else if (startsWith(mode, 102, 105)) {
    const name = memory.data<u8>([111, 117, 116, 46, 98, 105, 110]); // out.bin
    path_open(3, 0, name, 7, 9, 0x1fffffff, 0x1fffffff, 0, SCRATCH);
    writeMany(load<i32>(SCRATCH), value);
  } else {
    const text = memory.data<u8>([110, 111, 32, 103, 111, 111, 100, 10]); // no good
    write(2, text, 8);
    proc_exit(value);
  }
}

// A WASI program of some bytes that fills its memory with noise, counts, and prints a part of the noise: a result or a checkpoint of a size that no compression changes.

/** The noise begins behind one page. */
const FROM = 65536;
const PAGE_BYTES = 65536;

export type Noise = {
  /** Of memory that are filled. */
  mebibytes: number;
  /** How far it counts afterwards. */
  rounds: number;
  /** Of the noise that go to standard output. */
  printedBytes: number;
};

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
    if (rest === 0) return bytes;
  }
}

function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const isLast = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

const name = (text: string): number[] => [...unsigned(text.length), ...Buffer.from(text)];
const section = (id: number, body: number[]): number[] => [id, ...unsigned(body.length), ...body];
const i32 = (value: number): number[] => [0x41, ...signed(BigInt(value))];
const i64 = (value: bigint): number[] => [0x42, ...signed(value)];
const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const tee = (local: number): number[] => [0x22, local];

const AT = 0;
const STATE = 1;
const COUNT = 2;
const [SHL, SHR, XOR, ADD64, LESS64] = [0x86, 0x88, 0x85, 0x7c, 0x54];
const again = (body: number[]): number[] => [0x03, 0x40, ...body, 0x0d, 0, 0x0b];
const mix = (shift: number, by: bigint): number[] => [
  ...get(STATE),
  ...get(STATE),
  ...i64(by),
  shift,
  XOR,
  ...set(STATE),
];

/** The module. */
export function noisyProgram({ mebibytes, rounds, printedBytes }: Noise): Uint8Array {
  const end = FROM + mebibytes * 2 ** 20;
  const fill = again([
    ...[...mix(SHL, 13n), ...mix(SHR, 7n), ...mix(SHL, 17n)],
    ...[...get(AT), ...get(STATE), 0x37, 3, 0],
    ...[...get(AT), ...i32(8), 0x6a, ...tee(AT), ...i32(end), 0x49],
  ]);
  const count = again([...get(COUNT), ...i64(1n), ADD64, ...tee(COUNT), ...i64(BigInt(rounds)), LESS64]);
  const store = (at: number, value: number): number[] => [...i32(at), ...i32(value), 0x36, 2, 0];
  const print = [
    ...store(0, FROM),
    ...store(4, printedBytes),
    ...i32(1),
    ...i32(0),
    ...i32(1),
    ...i32(8),
    0x10,
    0,
    0x1a,
  ];
  const begin = [...i32(FROM), ...set(AT), ...i64(88172645463325252n), ...set(STATE)];
  const code = [2, 1, 0x7f, 2, 0x7e, ...begin, ...fill, ...count, ...print, 0x0b];
  const pages = unsigned(Math.ceil(end / PAGE_BYTES));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [2, 0x60, 0, 0, 0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 1, 0x7f]),
    ...section(2, [1, ...name('wasi_snapshot_preview1'), ...name('fd_write'), 0, 1]),
    ...section(3, [1, 0]),
    ...section(5, [1, 1, ...pages, ...pages]),
    ...section(7, [2, ...name('memory'), 2, 0, ...name('_start'), 0, 1]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

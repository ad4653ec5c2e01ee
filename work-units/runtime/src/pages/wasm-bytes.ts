// The few pieces of WebAssembly's binary format that the page kernel is written in.

/** Unsigned LEB128. */
export function uleb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}

/** Signed LEB128 of a 32-bit number. */
function sleb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 127;
    rest >>= 7;
    if ((rest === 0 && low < 64) || (rest === -1 && low >= 64)) return [...bytes, low];
    bytes.push(low + 128);
  }
}

export const vector = (items: readonly (readonly number[])[]): number[] => [...uleb(items.length), ...items.flat()];
export const section = (id: number, payload: readonly number[]): number[] => [id, ...uleb(payload.length), ...payload];
export const name = (ascii: string): number[] => vector([...ascii].map((letter) => [letter.charCodeAt(0)]));
const simd = (opcode: number): number[] => [0xfd, ...uleb(opcode)];

export const I32 = 0x7f;
export const V128 = 0x7b;
export const get = (local: number): number[] => [0x20, local];
export const set = (local: number): number[] => [0x21, local];
export const tee = (local: number): number[] => [0x22, local];
export const i32 = (value: number): number[] => [0x41, ...sleb(value)];

export const BLOCK = [0x02, 0x40];
export const LOOP = [0x03, 0x40];
export const IF = [0x04, 0x40];
export const END = [0x0b];
export const brIf = (depth: number): number[] => [0x0d, depth];
export const IS_ZERO = [0x45];
export const LESS_UNSIGNED = [0x49];
export const ADD = [0x6a];
export const SUBTRACT = [0x6b];
export const SHIFT_LEFT = [0x74];

/** Alignment of 16 bytes for vectors, 4 for words; bit 6 says that the number of a memory other than 0 follows. */
const place = (alignment: number, memory: number, offset: number): number[] =>
  memory === 0 ? [alignment, ...uleb(offset)] : [alignment | 0x40, memory, ...uleb(offset)];
export const loadVector = (memory: number, offset: number): number[] => [...simd(0), ...place(4, memory, offset)];
export const storeVector = (memory: number, offset: number): number[] => [...simd(11), ...place(4, memory, offset)];
export const storeWord = (memory: number, offset: number): number[] => [0x36, ...place(2, memory, offset)];

export const ZERO_VECTOR = [...simd(12), ...Array.from({ length: 16 }, () => 0)];
/** Bytes of two vectors by number: 0 to 15 of the first, 16 to 31 of the second. */
export const shuffle = (lanes: readonly number[]): number[] => [...simd(13), ...lanes];
export const ADD_WORDS = simd(0xae);
export const ADD_DOUBLES = simd(0xce);
/** Products of the lower (upper) two 32-bit lanes, unsigned, as 64-bit lanes. */
export const MULTIPLY_LOW = simd(0xde);
export const MULTIPLY_HIGH = simd(0xdf);
export const OR = simd(0x50);
export const XOR = simd(0x51);
export const ANY_BIT = simd(0x53);

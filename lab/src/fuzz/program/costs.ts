// Fuel of each instruction, written down a second time: an independent reading of the cost table that the instrumenter implements.

const FREE = new Set([0x01, 0x02, 0x03, 0x05, 0x0b]);
const DIVISIONS = new Set([0x6d, 0x6e, 0x6f, 0x70, 0x7f, 0x80, 0x81, 0x82, 0x91, 0x95, 0x9f, 0xa3]);
const VECTOR_DIVISIONS = new Set([0xe3, 0xe7, 0xef, 0xf3]);
const CALL = 0x10;
const CALL_INDIRECT = 0x11;
const MEMORY_GROW = 0x40;

/** Charged at each entry of a function beside its instructions. */
export const ENTRY_COST = 1;
/** Host calls: each, with more when it answers with an error; a buffer of a write, besides its bytes; randomness, and each byte of it. */
export const HOST_COST = { call: 400, error: 400, buffer: 64, random: 300, randomByte: 2 } as const;

/** Fuel of an instruction, without what bulk operations move. */
export function costOf(code: readonly number[]): number {
  const [major = 0, minor = 0] = code;
  if (major === 0xfd) return VECTOR_DIVISIONS.has(minor) ? 8 : 2;
  if (major === 0xfc) return minor === 8 || minor === 10 || minor === 11 ? 16 : 1;
  if (FREE.has(major)) return 0;
  if (DIVISIONS.has(major)) return 8;
  if (major === CALL) return 4;
  if (major === CALL_INDIRECT) return 6;
  return major === MEMORY_GROW ? 16 : 1;
}

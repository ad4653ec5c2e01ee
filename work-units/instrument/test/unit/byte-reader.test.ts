// Numbers are read as the engine reads them: every length, every sign, and nothing beyond.
import { expect, test } from 'vitest';
import { ByteReader } from '../../src/binary/byte-reader.js';
import { encodeSigned, encodeU32 } from '../../src/binary/byte-writer.js';

const NUMBERS = [
  0,
  1,
  63,
  64,
  127,
  128,
  8191,
  8192,
  16_383,
  16_384,
  2 ** 27,
  2 ** 28 - 1,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];

test('unsigned numbers come back', () => {
  for (const number of NUMBERS) expect(new ByteReader(Uint8Array.from(encodeU32(number))).u32()).toBe(number);
});

test('signed numbers of 33 bits come back, also in a longer form', () => {
  for (const number of [...NUMBERS, ...NUMBERS.map((value) => 0 - value), -(2 ** 32)])
    expect(new ByteReader(Uint8Array.from(encodeSigned(number))).s33(), String(number)).toBe(number);
  expect(new ByteReader(Uint8Array.of(0xc0, 0xff, 0x7f)).s33()).toBe(-64);
  expect(new ByteReader(Uint8Array.of(0x85, 0x80, 0x80, 0x80, 0x00)).s33()).toBe(5);
});

/** Whether the engine takes these bytes as a constant: the judge of what is too long. */
function engineTakes(opcode: number, bytes: readonly number[]): boolean {
  const body = [0, opcode, ...bytes, 0x1a, 0x0b];
  return WebAssembly.validate(
    Uint8Array.of(
      0,
      0x61,
      0x73,
      0x6d,
      1,
      0,
      0,
      0,
      1,
      4,
      1,
      0x60,
      0,
      0,
      3,
      2,
      1,
      0,
      10,
      body.length + 2,
      1,
      body.length,
      ...body,
    ),
  );
}

test.each([
  [32, 0x41, 5],
  [64, 0x42, 10],
] as const)('constants of %i bits end where the engine says', (bits, opcode, lengthMaximum) => {
  for (let length = 1; length <= lengthMaximum + 1; length++)
    for (let last = 0; last < 0x100; last++) {
      const bytes = [...new Array<number>(length - 1).fill(0x80), last];
      const reader = new ByteReader(Uint8Array.from(bytes));
      let isTaken = true;
      try {
        reader.skipSigned(bits);
        isTaken = reader.isAtEnd;
      } catch {
        isTaken = false;
      }
      expect(isTaken, bytes.map((byte) => byte.toString(16)).join(' ')).toBe(engineTakes(opcode, bytes));
    }
});

// The codec against another implementation: the same bytes for every value, the same values for every encoding, and nothing else accepted.

import { decode, encode } from '@ipld/dag-cbor';
import { decodeDagCbor, decodeDagCborStrictly, encodeDagCbor } from '@manyhands/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const key = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constant('__proto__'),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.maxSafeInteger(),
    fc.integer({ min: -300, max: 70_000 }),
    fc.constantFrom(0, 23, 24, 255, 256, 65_535, 65_536, 4_294_967_295, 4_294_967_296, -1, -24, -25, -256, -257),
    fc.string({ maxLength: 80 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

test('every value has the bytes that the reference gives it, and comes back', () => {
  fc.assert(
    fc.property(value, (original) => {
      const bytes = encodeDagCbor(original);
      expect(Buffer.from(bytes).toString('hex')).toBe(Buffer.from(encode(original)).toString('hex'));
      expect(decodeDagCborStrictly(bytes)).toEqual(original);
      expect(decodeDagCbor(bytes)).toEqual(original);
    }),
    { numRuns: 2000 },
  );
});

test('whatever is accepted strictly is exactly the canonical encoding of its value', () => {
  const bent = fc.tuple(value, fc.nat(), fc.nat(255)).map(([original, at, byte]) => {
    const bytes = encodeDagCbor(original);
    bytes[at % bytes.length] = byte;
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(bent, fc.uint8Array({ maxLength: 40 })), (bytes) => {
      let decoded: unknown;
      try {
        decoded = decodeDagCborStrictly(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
        return;
      }
      expect(Buffer.from(encode(decoded)).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
      expect(decode(bytes)).toEqual(decoded);
    }),
    { numRuns: 5000 },
  );
});

test.each([
  ['a float', 'f93c00'],
  ['a double', 'fb3ff0000000000000'],
  ['undefined', 'f7'],
  ['a tag', 'd82a43000102'],
  ['an indefinite array', '9f01ff'],
  ['an indefinite text', '7f6161ff'],
  ['a long head for a small number', '1817'],
  ['a long head for a short text', '780161'],
  ['a number beyond the safe integers', '1b0020000000000000'],
  ['a negative number beyond the safe integers', '3b001fffffffffffff'],
  ['text that is not UTF-8', '62c328'],
  ['a number as key', 'a10102'],
  ['a key twice', 'a2616101616102'],
  ['bytes after the value', '0101'],
  ['nothing', ''],
  ['a cut value', '4201'],
  ['a length of terabytes', '5b000000ffffffffff'],
  ['a million brackets', '81'.repeat(1000)],
])('%s is refused', (_, hex) => {
  expect(() => decodeDagCbor(new Uint8Array(Buffer.from(hex, 'hex')))).toThrow(SyntaxError);
});

test('keys out of order are canonical nowhere, but readable in frames', () => {
  const bytes = new Uint8Array(Buffer.from('a26162016161 02'.replace(' ', ''), 'hex'));
  expect(decodeDagCbor(bytes)).toEqual({ a: 2, b: 1 });
  expect(() => decodeDagCborStrictly(bytes)).toThrow(SyntaxError);
});

test('what has no encoding is refused', () => {
  for (const nothing of [undefined, 1.5, Number.NaN, 1n, Symbol('x'), () => 1, 2 ** 53, { a: undefined }])
    expect(() => encodeDagCbor(nothing), String(nothing)).toThrow(SyntaxError);
});

test('decoded bytes are copies, also of a Buffer', () => {
  const frame = Buffer.from(encodeDagCbor({ b: Uint8Array.of(1, 2, 3) }));
  const { b } = decodeDagCbor(frame) as { b: Uint8Array };
  frame.fill(0);
  expect(b).toEqual(Uint8Array.of(1, 2, 3));
});

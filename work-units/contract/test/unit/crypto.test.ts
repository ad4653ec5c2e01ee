// Both implementations of the cryptography must agree on every input, corner cases of Ed25519 included.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as native from '../../src/crypto/native.js';
import * as portable from '../../src/crypto/portable.js';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const seed = hex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
const publicKey = hex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
const signature = hex(
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
);
const both = [native, portable];

test('RFC 8032 test 1', () => {
  for (const { publicKeyOfSeed, signBytes, verifyBytes } of both) {
    expect(publicKeyOfSeed(seed)).toEqual(publicKey);
    expect(signBytes(seed, new Uint8Array())).toEqual(signature);
    expect(verifyBytes(publicKey, new Uint8Array(), signature)).toBe(true);
  }
});

const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 255n));
const prime = 2n ** 255n - 19n;
const order = 2n ** 252n + 27742317777372353535851937790883648493n;

test('keys of small order, non-canonical keys and responses are refused', () => {
  const smallOrder = [
    littleEndian(0n),
    littleEndian(1n),
    littleEndian(prime - 1n),
    hex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
    hex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
  ];
  const bad = [...smallOrder, littleEndian(prime), littleEndian(prime + 1n), new Uint8Array(31)];
  // With a key of small order and a zero response, cofactored verifiers accept anything.
  const zero = new Uint8Array(64);
  zero[0] = 1;
  for (const { verifyBytes } of both) {
    for (const key of bad) {
      for (const sign of [0, 0x80]) {
        const signed = key.slice();
        signed[31] = (signed[31] ?? 0) | sign;
        expect(verifyBytes(signed, new Uint8Array(), zero), Buffer.from(signed).toString('hex')).toBe(false);
      }
    }
    const large = signature.slice();
    const response = signature.subarray(32).reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
    large.set(littleEndian(response + order), 32);
    expect(verifyBytes(publicKey, new Uint8Array(), large)).toBe(false);
  }
});

test('a commitment with a torsion component is refused by both (cofactored verifiers accept it)', () => {
  // R' = R + T with T of order 2, so that 8 R' = 8 R: only a byte-for-byte comparison of R tells.
  for (const { verifyBytes } of both) {
    const flipped = signature.slice();
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    expect(verifyBytes(publicKey, new Uint8Array(), flipped)).toBe(false);
  }
});

test('the same verdict on mutated signatures', () => {
  const byte = fc.nat(255);
  const mutation = fc.record({ part: fc.constantFrom('key', 'signature', 'message'), at: fc.nat(63), by: byte });
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.uint8Array({ maxLength: 40 }),
      mutation,
      (s, m, { part, at, by }) => {
        const parts = { key: native.publicKeyOfSeed(s), message: m.slice(), signature: native.signBytes(s, m) };
        const target = parts[part as keyof typeof parts];
        if (at < target.length) target[at] = (target[at] ?? 0) ^ by;
        const verdicts = both.map(({ verifyBytes }) => verifyBytes(parts.key, parts.message, parts.signature));
        expect(verdicts[0]).toBe(verdicts[1]);
        if (by === 0) expect(verdicts[0]).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test('SHA-256 whole and in parts', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (left, right) => {
      const whole = native.sha256(Uint8Array.from([...left, ...right]));
      for (const { createSha256, sha256 } of both) {
        const state = createSha256();
        state.update(left);
        state.update(right);
        expect(state.digest()).toEqual(whole);
        expect(sha256(Uint8Array.from([...left, ...right]))).toEqual(whole);
      }
    }),
  );
});

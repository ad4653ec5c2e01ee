// A bundle that is checked as it comes is taken exactly when the whole is.
import { createBundleCheck, encodeBundle, openBundle, utf8Bytes } from '@manyhands/contract';
import { randomOf } from '@manyhands/testing';
import { expect, test } from 'vitest';

const random = randomOf('bundle-check');
const below = (maximum: number): number => Math.floor(random() * maximum);
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => below(256));

function inPieces(bundle: Uint8Array, digest: Uint8Array): boolean {
  const check = createBundleCheck(digest);
  for (let at = 0; at < bundle.length; ) {
    const length = 1 + below(bundle.length);
    check.update(bundle.subarray(at, at + length));
    at += length;
  }
  return check.isRight();
}

test('what is right is taken, however it is cut; what is damaged, cut short or longer is not', () => {
  for (let round = 0; round < 300; round++) {
    const files = Array.from({ length: below(4) }, (_, at) => ({
      name: `file-${at}`,
      bytes: random() < 0.2 ? null : bytes(below(200)),
    }));
    const { bundle, digest } = encodeBundle({ exitCode: 0, stdout: bytes(below(300)), files });
    expect(inPieces(bundle, digest)).toBe(true);
    const damaged = bundle.slice();
    const at = below(bundle.length);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << below(8));
    for (const other of [damaged, bundle.subarray(0, at), new Uint8Array([...bundle, 0])]) {
      expect(inPieces(other, digest)).toBe(false);
      expect(openBundle(other, digest)).toBeUndefined();
    }
    expect(inPieces(bundle, bytes(32))).toBe(false);
  }
});

test('a record that claims to be endless is not waited for', () => {
  const check = createBundleCheck(new Uint8Array(32));
  check.update(Uint8Array.of(255, 255, 255, 255));
  check.update(utf8Bytes('x'.repeat(1000)));
  expect(check.isRight()).toBe(false);
});

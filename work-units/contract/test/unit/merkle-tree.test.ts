// The Merkle tree: known roots, and proofs that hold for exactly their leaf, place and root.
import {
  isMerkleIncluded,
  merkleLeafHash,
  merkleNodeHash,
  merkleProof,
  merkleRoot,
  sha256,
  toBase64Url,
} from '@manyhands/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const leaves = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => merkleLeafHash(Uint8Array.of(index)));

test('the tree of RFC 9162: leaves and nodes have prefixes, the left side is the largest power of two', () => {
  const [a, b, c] = leaves(3) as [Uint8Array, Uint8Array, Uint8Array];
  expect(a).toEqual(sha256(Uint8Array.of(0, 0)));
  expect(merkleRoot([a])).toBe(a);
  expect(merkleRoot([a, b, c])).toEqual(merkleNodeHash(merkleNodeHash(a, b), c));
  expect(toBase64Url(merkleRoot(leaves(7)))).toMatchInlineSnapshot(`"NWAZGAMChESyMgGKwEf9tWHAnCOnpodsheCLXk1I6fM"`);
  expect(() => merkleRoot([])).toThrow(RangeError);
});

test('a proof holds for its leaf only', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (leafCount, place, other) => {
      const hashes = leaves(leafCount);
      const index = place % leafCount;
      const [root, proof] = [merkleRoot(hashes), merkleProof(hashes, index)];
      const leafHash = hashes[index] as Uint8Array;
      const inclusion = { leafHash, index, leafCount, proof };
      expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(leafCount)));
      expect(isMerkleIncluded(root, inclusion)).toBe(true);
      const wrong = (index + 1 + (other % leafCount)) % leafCount;
      expect(isMerkleIncluded(root, { ...inclusion, index: wrong })).toBe(wrong === index);
      expect(isMerkleIncluded(root, { ...inclusion, leafHash: sha256(leafHash) })).toBe(false);
      expect(isMerkleIncluded(sha256(root), inclusion)).toBe(false);
      expect(isMerkleIncluded(root, { ...inclusion, proof: [...proof, root] })).toBe(false);
      if (leafCount > 1) expect(isMerkleIncluded(root, { ...inclusion, proof: proof.slice(1) })).toBe(false);
    }),
  );
});

test.each([-1, 3, 0.5, Number.NaN])('there is no leaf %d of three', (index) => {
  const hashes = leaves(3);
  expect(() => merkleProof(hashes, index)).toThrow(RangeError);
  const inclusion = { leafHash: hashes[0] as Uint8Array, index, leafCount: 3, proof: [] };
  expect(isMerkleIncluded(merkleRoot(hashes), inclusion)).toBe(false);
});

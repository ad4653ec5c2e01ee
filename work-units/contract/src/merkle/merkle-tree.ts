// The one Merkle tree of the project: RFC 9162 section 2.1 with SHA-256, for results, chains of state hashes and memory pages.
import { sha256 } from '#crypto';
import { concatBytes, equalBytes } from '../encoding/bytes.js';

const LEAF = Uint8Array.of(0);
/** An inner node as it is hashed: prefix, left, right. One for all, since hashing is synchronous. */
const node = new Uint8Array(65);
node[0] = 1;

/** The hash of a leaf's bytes. 32 bytes. */
export function merkleLeafHash(bytes: Uint8Array): Uint8Array {
  return sha256(concatBytes(LEAF, bytes));
}

/** The hash of an inner node from those of its two children, 32 bytes each. */
export function merkleNodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  node.set(left, 1);
  node.set(right, 33);
  return sha256(node);
}

/** The root over hashes of leaves, at least one. Throws RangeError for none. */
export function merkleRoot(hashes: readonly Uint8Array[]): Uint8Array {
  const [first] = hashes;
  if (!first) throw new RangeError('a Merkle tree has at least one leaf');
  if (hashes.length === 1) return first;
  const half = splitOf(hashes.length);
  return merkleNodeHash(merkleRoot(hashes.slice(0, half)), merkleRoot(hashes.slice(half)));
}

/** The inclusion proof of one leaf: the hashes beside its path, from the leaf upwards. Throws RangeError for an index outside. */
export function merkleProof(hashes: readonly Uint8Array[], index: number): Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= hashes.length) throw new RangeError('no such leaf');
  if (hashes.length === 1) return [];
  const half = splitOf(hashes.length);
  const [left, right] = [hashes.slice(0, half), hashes.slice(half)];
  return index < half
    ? [...merkleProof(left, index), merkleRoot(right)]
    : [...merkleProof(right, index - half), merkleRoot(left)];
}

/** One leaf of a tree of `leafCount`, with the hashes beside its path. */
export type MerkleInclusion = { leafHash: Uint8Array; index: number; leafCount: number; proof: readonly Uint8Array[] };

/** Whether the leaf stands at its place in the tree with that root (RFC 9162 section 2.1.3.2). Never throws. */
export function isMerkleIncluded(root: Uint8Array, { leafHash, index, leafCount, proof }: MerkleInclusion): boolean {
  if (leafHash.length !== 32) return false;
  if (!Number.isSafeInteger(leafCount) || !Number.isSafeInteger(index) || index < 0 || index >= leafCount) return false;
  let at = index;
  let last = leafCount - 1;
  let hash = leafHash;
  for (const beside of proof) {
    if (last === 0 || beside.length !== 32) return false;
    if (at % 2 === 1 || at === last) {
      hash = merkleNodeHash(beside, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      hash = merkleNodeHash(hash, beside);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && equalBytes(hash, root);
}

/** The largest power of two below the number of leaves. */
function splitOf(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}

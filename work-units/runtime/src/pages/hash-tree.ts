// A Merkle tree that is changed leaf by leaf: every level is kept, and only the paths above changed leaves are hashed again.
import { merkleLeafHash, merkleNodeHash } from '@manyhands/contract';
import { PAGE_BYTES } from './page-kernel.js';

const HASH_BYTES = 32;
/** The hash of a leaf of zeros, and of complete trees of 2^level such leaves. */
const zeroHashes: Uint8Array[] = [];

function zeroHash(level: number): Uint8Array {
  while (zeroHashes.length <= level) {
    const below = zeroHashes.at(-1);
    zeroHashes.push(below ? merkleNodeHash(below, below) : merkleLeafHash(new Uint8Array(PAGE_BYTES)));
  }
  return zeroHashes[level] as Uint8Array;
}

/** The tree of RFC 9162 over leaves that are pages of zeros until they are set. A node without a sibling counts on the level above as it is. */
export class HashTree {
  private levels: Uint8Array[] = [];
  private leafCount = 0;
  private readonly changed = new Set<number>();

  /** Adds leaves of zeros, or cuts leaves off. */
  resize(leafCount: number): void {
    if (leafCount === this.leafCount) return;
    const levels: Uint8Array[] = [];
    for (let level = 0, count = leafCount; count > 0; level++, count = count === 1 ? 0 : Math.ceil(count / 2))
      levels.push(resized(this.levels[level], count, zeroHash(level)));
    this.levels = levels;
    for (const index of this.changed) if (index >= leafCount) this.changed.delete(index);
    // What the old and the new right edge stand above is another tree now; everything else is as it was, or all zeros.
    for (const edge of [this.leafCount - 1, leafCount - 1]) if (edge >= 0 && edge < leafCount) this.changed.add(edge);
    this.leafCount = leafCount;
  }

  /** Sets the hash of a leaf, computed by the caller. */
  setLeaf(index: number, hash: Uint8Array): void {
    (this.levels[0] as Uint8Array).set(hash, index * HASH_BYTES);
    this.changed.add(index);
  }

  /** The root; of no leaves at all, the hash of an empty leaf. Hashes what stands above changed leaves. */
  root(): Uint8Array {
    const top = this.levels.at(-1);
    if (top === undefined) return merkleLeafHash(new Uint8Array(0));
    let parents = [...this.changed].map(half);
    for (let level = 1; level < this.levels.length; level++) {
      const unique = new Set(parents);
      for (const index of unique) this.computeNode(level, index);
      parents = [...unique].map(half);
    }
    this.changed.clear();
    return top.slice(0, HASH_BYTES);
  }

  private computeNode(level: number, index: number): void {
    const below = this.levels[level - 1] as Uint8Array;
    const left = below.subarray(2 * index * HASH_BYTES, (2 * index + 1) * HASH_BYTES);
    const right = below.subarray((2 * index + 1) * HASH_BYTES, (2 * index + 2) * HASH_BYTES);
    const node = right.length === 0 ? left : merkleNodeHash(left, right);
    (this.levels[level] as Uint8Array).set(node, index * HASH_BYTES);
  }
}

const half = (index: number): number => Math.floor(index / 2);

function resized(old: Uint8Array | undefined, count: number, filling: Uint8Array): Uint8Array {
  const level = new Uint8Array(count * HASH_BYTES);
  const kept = Math.min(old?.length ?? 0, level.length);
  if (old) level.set(old.subarray(0, kept));
  if (kept === level.length) return level;
  level.set(filling, kept);
  for (let filled = HASH_BYTES; kept + filled < level.length; filled *= 2)
    level.copyWithin(kept + filled, kept, Math.min(kept + filled, level.length - filled));
  return level;
}

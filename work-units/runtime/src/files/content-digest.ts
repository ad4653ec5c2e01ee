// Digests of file contents and standard output, for state hashes: the Merkle root over pages of 4,096 bytes, of which only changed ones are hashed again.
import { HashTree } from '../pages/hash-tree.js';
import { pageLeafHash } from '../pages/page-hash.js';
import { PAGE_BYTES } from '../pages/page-kernel.js';
import type { GrowingBytes } from './byte-sequence.js';

type KnownTree = { tree: HashTree; changedPages: Set<number> };

/** Trees of contents that were hashed before. Only speed, hence not part of the state. */
const trees = new WeakMap<GrowingBytes, KnownTree>();
/** Roots of inputs, which are never written to: one look for all units that share them. */
const inputRoots = new WeakMap<Uint8Array, Uint8Array>();

/** Remembers that the bytes in between are other ones now; must be called with every change of a content, also of its size. */
export function noteChangedBytes(content: GrowingBytes, from: number, to: number): void {
  const known = trees.get(content);
  if (known === undefined) return;
  for (let page = Math.floor(from / PAGE_BYTES); page * PAGE_BYTES < to; page++) known.changedPages.add(page);
}

/** The root over the contents, of which the last page may be shorter. 32 bytes. */
export function contentDigest(content: GrowingBytes): Uint8Array {
  if (!content.isBorrowed) return digestOf(content);
  const { bytes } = content;
  const root = inputRoots.get(bytes) ?? digestOf(content);
  inputRoots.set(bytes, root);
  return root;
}

function digestOf(content: GrowingBytes): Uint8Array {
  const { tree, changedPages } = knownTree(content);
  const bytes = content.bytes.subarray(0, content.sizeBytes);
  const pageCount = Math.ceil(bytes.length / PAGE_BYTES);
  tree.resize(pageCount);
  // What was the last page may have been longer or shorter than it is now; the present one is seldom a whole page of zeros.
  for (const page of changedPages) if (page < pageCount) tree.setLeaf(page, pageLeafHash(bytes, page));
  changedPages.clear();
  return tree.root();
}

/** At the first look everything counts as changed. */
function knownTree(content: GrowingBytes): KnownTree {
  const known = trees.get(content);
  if (known !== undefined) return known;
  const pageCount = Math.ceil(content.sizeBytes / PAGE_BYTES);
  const made = { tree: new HashTree(), changedPages: new Set(Array.from({ length: pageCount }, (_, page) => page)) };
  trees.set(content, made);
  return made;
}

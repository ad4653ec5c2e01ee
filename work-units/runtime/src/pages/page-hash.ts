// The hash of one page as a leaf of the tree.
import { sha256 } from '@manyhands/contract';
import { PAGE_BYTES } from './page-kernel.js';

/** A leaf's prefix, then the page: one buffer for all, since hashing is synchronous. */
const leaf = new Uint8Array(1 + PAGE_BYTES);

/** The leaf hash of the page with that number in `bytes`; the last one may be shorter than a page. */
export function pageLeafHash(bytes: Uint8Array, page: number): Uint8Array {
  const window = bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
  leaf.set(window, 1);
  return sha256(leaf.subarray(0, 1 + window.length));
}

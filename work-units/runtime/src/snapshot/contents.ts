// Contents inside a snapshot.
import type { GrowingBytes } from '../files/byte-sequence.js';
import { emptyBytes } from '../files/growing-bytes.js';

/** Contents lie in the snapshot one after the other; this takes the next one. Throws when fewer bytes are left. */
export type TakeBytes = (sizeBytes: number) => Uint8Array;

/** A copy, so that the snapshot need not be kept. */
export function copied(bytes: Uint8Array): GrowingBytes {
  return bytes.length === 0 ? emptyBytes() : { bytes: bytes.slice(), sizeBytes: bytes.length, isBorrowed: false };
}

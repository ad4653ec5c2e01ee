// Blocks, folders and keys for tests.
import { type Block, rawCidOf } from '@manyhands/contract';

/** A block whose every byte follows from `seed`. */
export function someBlock(seed: number, sizeBytes = 1000): Block {
  const bytes = someBytes(seed, sizeBytes);
  return { cid: rawCidOf(bytes), bytes };
}

/** Bytes that follow from `seed` and do not repeat from block to block. */
export function someBytes(seed: number, sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  let state = seed * 2654435761 + 1;
  for (let index = 0; index < sizeBytes; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

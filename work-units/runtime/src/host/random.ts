// Randomness from a seed and a counter: ChaCha20 keystream, so byte n depends only on the seed and n.
import { SEED_MAXIMUM_BYTES } from '../limits.js';

const BLOCK_BYTES = 64;
const BLOCK_WORDS = 16;
const DOUBLE_ROUNDS = 10;
/** «expand 32-byte k» */
const CONSTANTS = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const;
const TWO_TO_32 = 0x1_0000_0000;

/** Position in the random stream, as plain data. */
export type RandomState = { seed: Uint8Array; servedBytes: number };

/** Shorter seeds are padded with zeros. Throws RangeError for a longer one: that is a fault of the caller, not of the guest. */
export function createRandomState(seed: Uint8Array): RandomState {
  if (seed.length > SEED_MAXIMUM_BYTES) throw new RangeError(`a seed has at most ${SEED_MAXIMUM_BYTES} bytes`);
  const padded = new Uint8Array(SEED_MAXIMUM_BYTES);
  padded.set(seed);
  return { seed: padded, servedBytes: 0 };
}

/** Fills the target with the next bytes of the stream. */
export function fillRandom(state: RandomState, target: Uint8Array): void {
  const initial = initialWords(state.seed);
  const block = new Uint8Array(BLOCK_BYTES);
  const view = new DataView(block.buffer);
  let filled = 0;
  while (filled < target.length) {
    const position = state.servedBytes + filled;
    const counter = Math.floor(position / BLOCK_BYTES);
    initial[12] = counter % TWO_TO_32;
    initial[13] = Math.floor(counter / TWO_TO_32);
    computeBlock(initial, view);
    const part = block.subarray(position % BLOCK_BYTES).subarray(0, target.length - filled);
    target.set(part, filled);
    filled += part.length;
  }
  state.servedBytes += target.length;
}

/** The constants and the key; counter and nonce stay zero. */
function initialWords(seed: Uint8Array): Uint32Array {
  const key = new DataView(seed.buffer, seed.byteOffset, SEED_MAXIMUM_BYTES);
  const initial = new Uint32Array(BLOCK_WORDS);
  initial.set(CONSTANTS, 0);
  for (let word = 0; word < 8; word++) initial[4 + word] = key.getUint32(word * 4, true);
  return initial;
}

/**
 * Computes a block in place and stores it in little-endian order whatever the machine's own. Sixteen variables, because lists of words made this several times
 * slower.
 */
function computeBlock(initial: Uint32Array, view: DataView): void {
  let w0 = initial[0] as number;
  let w1 = initial[1] as number;
  let w2 = initial[2] as number;
  let w3 = initial[3] as number;
  let w4 = initial[4] as number;
  let w5 = initial[5] as number;
  let w6 = initial[6] as number;
  let w7 = initial[7] as number;
  let w8 = initial[8] as number;
  let w9 = initial[9] as number;
  let w10 = initial[10] as number;
  let w11 = initial[11] as number;
  let w12 = initial[12] as number;
  let w13 = initial[13] as number;
  let w14 = initial[14] as number;
  let w15 = initial[15] as number;
  for (let round = 0; round < DOUBLE_ROUNDS; round++) {
    w0 = (w0 + w4) | 0;
    w12 ^= w0;
    w12 = (w12 << 16) | (w12 >>> 16);
    w8 = (w8 + w12) | 0;
    w4 ^= w8;
    w4 = (w4 << 12) | (w4 >>> 20);
    w0 = (w0 + w4) | 0;
    w12 ^= w0;
    w12 = (w12 << 8) | (w12 >>> 24);
    w8 = (w8 + w12) | 0;
    w4 ^= w8;
    w4 = (w4 << 7) | (w4 >>> 25);
    w1 = (w1 + w5) | 0;
    w13 ^= w1;
    w13 = (w13 << 16) | (w13 >>> 16);
    w9 = (w9 + w13) | 0;
    w5 ^= w9;
    w5 = (w5 << 12) | (w5 >>> 20);
    w1 = (w1 + w5) | 0;
    w13 ^= w1;
    w13 = (w13 << 8) | (w13 >>> 24);
    w9 = (w9 + w13) | 0;
    w5 ^= w9;
    w5 = (w5 << 7) | (w5 >>> 25);
    w2 = (w2 + w6) | 0;
    w14 ^= w2;
    w14 = (w14 << 16) | (w14 >>> 16);
    w10 = (w10 + w14) | 0;
    w6 ^= w10;
    w6 = (w6 << 12) | (w6 >>> 20);
    w2 = (w2 + w6) | 0;
    w14 ^= w2;
    w14 = (w14 << 8) | (w14 >>> 24);
    w10 = (w10 + w14) | 0;
    w6 ^= w10;
    w6 = (w6 << 7) | (w6 >>> 25);
    w3 = (w3 + w7) | 0;
    w15 ^= w3;
    w15 = (w15 << 16) | (w15 >>> 16);
    w11 = (w11 + w15) | 0;
    w7 ^= w11;
    w7 = (w7 << 12) | (w7 >>> 20);
    w3 = (w3 + w7) | 0;
    w15 ^= w3;
    w15 = (w15 << 8) | (w15 >>> 24);
    w11 = (w11 + w15) | 0;
    w7 ^= w11;
    w7 = (w7 << 7) | (w7 >>> 25);
    w0 = (w0 + w5) | 0;
    w15 ^= w0;
    w15 = (w15 << 16) | (w15 >>> 16);
    w10 = (w10 + w15) | 0;
    w5 ^= w10;
    w5 = (w5 << 12) | (w5 >>> 20);
    w0 = (w0 + w5) | 0;
    w15 ^= w0;
    w15 = (w15 << 8) | (w15 >>> 24);
    w10 = (w10 + w15) | 0;
    w5 ^= w10;
    w5 = (w5 << 7) | (w5 >>> 25);
    w1 = (w1 + w6) | 0;
    w12 ^= w1;
    w12 = (w12 << 16) | (w12 >>> 16);
    w11 = (w11 + w12) | 0;
    w6 ^= w11;
    w6 = (w6 << 12) | (w6 >>> 20);
    w1 = (w1 + w6) | 0;
    w12 ^= w1;
    w12 = (w12 << 8) | (w12 >>> 24);
    w11 = (w11 + w12) | 0;
    w6 ^= w11;
    w6 = (w6 << 7) | (w6 >>> 25);
    w2 = (w2 + w7) | 0;
    w13 ^= w2;
    w13 = (w13 << 16) | (w13 >>> 16);
    w8 = (w8 + w13) | 0;
    w7 ^= w8;
    w7 = (w7 << 12) | (w7 >>> 20);
    w2 = (w2 + w7) | 0;
    w13 ^= w2;
    w13 = (w13 << 8) | (w13 >>> 24);
    w8 = (w8 + w13) | 0;
    w7 ^= w8;
    w7 = (w7 << 7) | (w7 >>> 25);
    w3 = (w3 + w4) | 0;
    w14 ^= w3;
    w14 = (w14 << 16) | (w14 >>> 16);
    w9 = (w9 + w14) | 0;
    w4 ^= w9;
    w4 = (w4 << 12) | (w4 >>> 20);
    w3 = (w3 + w4) | 0;
    w14 ^= w3;
    w14 = (w14 << 8) | (w14 >>> 24);
    w9 = (w9 + w14) | 0;
    w4 ^= w9;
    w4 = (w4 << 7) | (w4 >>> 25);
  }
  view.setInt32(0, w0 + (initial[0] as number), true);
  view.setInt32(4, w1 + (initial[1] as number), true);
  view.setInt32(8, w2 + (initial[2] as number), true);
  view.setInt32(12, w3 + (initial[3] as number), true);
  view.setInt32(16, w4 + (initial[4] as number), true);
  view.setInt32(20, w5 + (initial[5] as number), true);
  view.setInt32(24, w6 + (initial[6] as number), true);
  view.setInt32(28, w7 + (initial[7] as number), true);
  view.setInt32(32, w8 + (initial[8] as number), true);
  view.setInt32(36, w9 + (initial[9] as number), true);
  view.setInt32(40, w10 + (initial[10] as number), true);
  view.setInt32(44, w11 + (initial[11] as number), true);
  view.setInt32(48, w12 + (initial[12] as number), true);
  view.setInt32(52, w13 + (initial[13] as number), true);
  view.setInt32(56, w14 + (initial[14] as number), true);
  view.setInt32(60, w15 + (initial[15] as number), true);
}

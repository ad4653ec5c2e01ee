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
  const words = new Uint32Array(BLOCK_WORDS);
  const view = new DataView(words.buffer);
  const block = new Uint8Array(words.buffer);
  let filled = 0;
  while (filled < target.length) {
    const position = state.servedBytes + filled;
    const counter = Math.floor(position / BLOCK_BYTES);
    initial[12] = counter % TWO_TO_32;
    initial[13] = Math.floor(counter / TWO_TO_32);
    computeBlock(initial, words, view);
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

/** Computes a block in place and stores it in little-endian order whatever the machine's own. */
function computeBlock(initial: Uint32Array, words: Uint32Array, view: DataView): void {
  words.set(initial);
  for (let round = 0; round < DOUBLE_ROUNDS; round++) {
    quarterRound(words, 0, 4, 8, 12);
    quarterRound(words, 1, 5, 9, 13);
    quarterRound(words, 2, 6, 10, 14);
    quarterRound(words, 3, 7, 11, 15);
    quarterRound(words, 0, 5, 10, 15);
    quarterRound(words, 1, 6, 11, 12);
    quarterRound(words, 2, 7, 8, 13);
    quarterRound(words, 3, 4, 9, 14);
  }
  for (let word = 0; word < BLOCK_WORDS; word++)
    view.setUint32(word * 4, ((words[word] as number) + (initial[word] as number)) >>> 0, true);
}

/** Five parameters, because a list of indices made this several times slower. */
function quarterRound(words: Uint32Array, a: number, b: number, c: number, d: number): void {
  let [wa, wb, wc, wd] = [words[a] as number, words[b] as number, words[c] as number, words[d] as number];
  wa = (wa + wb) | 0;
  wd = rotated(wd ^ wa, 16);
  wc = (wc + wd) | 0;
  wb = rotated(wb ^ wc, 12);
  wa = (wa + wb) | 0;
  wd = rotated(wd ^ wa, 8);
  wc = (wc + wd) | 0;
  wb = rotated(wb ^ wc, 7);
  words[a] = wa;
  words[b] = wb;
  words[c] = wc;
  words[d] = wd;
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

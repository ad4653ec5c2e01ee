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
  const key = new DataView(state.seed.buffer, state.seed.byteOffset, SEED_MAXIMUM_BYTES);
  const block = new Uint8Array(BLOCK_BYTES);
  let filled = 0;
  while (filled < target.length) {
    const position = state.servedBytes + filled;
    writeBlock(key, Math.floor(position / BLOCK_BYTES), block);
    const part = block.subarray(position % BLOCK_BYTES).subarray(0, target.length - filled);
    target.set(part, filled);
    filled += part.length;
  }
  state.servedBytes += target.length;
}

function writeBlock(key: DataView, counter: number, out: Uint8Array): void {
  const initial = new Uint32Array(BLOCK_WORDS);
  initial.set(CONSTANTS, 0);
  for (let word = 0; word < 8; word++) initial[4 + word] = key.getUint32(word * 4, true);
  initial[12] = counter % TWO_TO_32;
  initial[13] = Math.floor(counter / TWO_TO_32);
  const words = initial.slice();
  for (let round = 0; round < DOUBLE_ROUNDS; round++) doubleRound(words);
  const view = new DataView(out.buffer);
  for (let word = 0; word < BLOCK_WORDS; word++)
    view.setUint32(word * 4, ((words[word] as number) + (initial[word] as number)) >>> 0, true);
}

function doubleRound(words: Uint32Array): void {
  quarterRound(words, [0, 4, 8, 12]);
  quarterRound(words, [1, 5, 9, 13]);
  quarterRound(words, [2, 6, 10, 14]);
  quarterRound(words, [3, 7, 11, 15]);
  quarterRound(words, [0, 5, 10, 15]);
  quarterRound(words, [1, 6, 11, 12]);
  quarterRound(words, [2, 7, 8, 13]);
  quarterRound(words, [3, 4, 9, 14]);
}

function quarterRound(words: Uint32Array, [a, b, c, d]: readonly [number, number, number, number]): void {
  mix(words, [a, b, d], 16);
  mix(words, [c, d, b], 12);
  mix(words, [a, b, d], 8);
  mix(words, [c, d, b], 7);
}

/** x += y; z = (z ^ x) rotated left. */
function mix(words: Uint32Array, [x, y, z]: readonly [number, number, number], rotation: number): void {
  words[x] = (words[x] as number) + (words[y] as number);
  const mixed = (words[z] as number) ^ (words[x] as number);
  words[z] = (mixed << rotation) | (mixed >>> (32 - rotation));
}

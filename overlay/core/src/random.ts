// A small seeded generator (mulberry32), for choices that need spread but no secrecy. Seeded, so that every run can be repeated.

/** Draws numbers from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/** A generator from a 32-bit seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

// Random moments that can be repeated: the seed is printed, and MANYHANDS_SEED sets it.

/** A generator of numbers from 0 to 1 (mulberry32). */
export function randomOf(name: string): () => number {
  const seed = Number(process.env.MANYHANDS_SEED ?? Date.now() % 2 ** 31);
  console.log(`${name}: MANYHANDS_SEED=${seed}`);
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// Seeds of random tests: fixed, and each suite's own. MANYHANDS_SEED changes them all, for the long runs that look for what fails.

/** The seed of a suite, from its name; another one for each value of MANYHANDS_SEED. */
export function seedOf(suite: string): number {
  let hash = 0x811c9dc5; // FNV-1a
  for (const character of `${suite}\n${process.env.MANYHANDS_SEED ?? ''}`)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

/** A generator of numbers from 0 to 1 (mulberry32), the same in each run. */
export function randomOf(suite: string): () => number {
  let state = seedOf(suite);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

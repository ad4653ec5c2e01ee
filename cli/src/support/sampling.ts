// A sample that the same seed always gives again.

export const SEED_MAXIMUM = 2 ** 32 - 1;

/** So many of the items, chosen at random; all of them when there are not more. The order is that of the choice. */
export function sampleOf<T>(items: readonly T[], { count, seed }: { count: number; seed: number }): T[] {
  const random = randomFrom(seed);
  const left = [...items];
  const sample: T[] = [];
  while (sample.length < count && left.length > 0) sample.push(...left.splice(Math.floor(random() * left.length), 1));
  return sample;
}

/** Numbers from 0 to 1 (mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

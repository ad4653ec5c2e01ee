// Medians with intervals that assume nothing about how the numbers are spread.

/** `low` and `high` enclose the true median with at least `confidence`; with few numbers that is less than 95 %. */
export type Estimate = { median: number; low: number; high: number; confidence: number; count: number };

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? high)) / 2;
}

/** The interval between two order statistics, the narrowest one of at least 95 % (all numbers when there are fewer than six). */
export function estimate(numbers: readonly number[]): Estimate {
  const sorted = numbers.toSorted((left, right) => left - right);
  const count = sorted.length;
  let rank = 0;
  while (rank + 1 < count / 2 && coverage(count, rank + 1) >= 0.95) rank++;
  const [low, high] = [sorted[rank] ?? Number.NaN, sorted[count - 1 - rank] ?? Number.NaN];
  return { median: median(sorted), low, high, confidence: coverage(count, rank), count };
}

/** Chance that the median lies between the numbers of these ranks from both ends: 1 - 2 P(at most `rank` of `count` coins are heads). */
function coverage(count: number, rank: number): number {
  let term = 0.5 ** count;
  let tail = 0;
  for (let heads = 0; heads <= rank; heads++) {
    tail += term;
    term = (term * (count - heads)) / (heads + 1);
  }
  return 1 - 2 * tail;
}

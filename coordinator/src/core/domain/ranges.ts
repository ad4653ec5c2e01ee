// Unit indexes as ranges: first index and count, ascending and disjoint, as the wire and the ledger write them.

export type UnitRange = readonly [firstIndex: number, count: number];

/** The ranges of ascending indexes without repetition, none longer than `maximum`. */
export function toRanges(indexes: readonly number[], maximum = Number.POSITIVE_INFINITY): [number, number][] {
  const ranges: [number, number][] = [];
  let last: [number, number] | undefined;
  for (const index of indexes) {
    if (last && index === last[0] + last[1] && last[1] < maximum) last[1]++;
    else {
      last = [index, 1];
      ranges.push(last);
    }
  }
  return ranges;
}

/** Every index of the ranges, in their order. */
export function* indexesOf(ranges: readonly UnitRange[]): Generator<number> {
  for (const [firstIndex, count] of ranges) for (let offset = 0; offset < count; offset++) yield firstIndex + offset;
}

export function countOf(ranges: readonly UnitRange[]): number {
  let sum = 0;
  for (const [, count] of ranges) sum += count;
  return sum;
}

export function isInRanges(ranges: readonly UnitRange[], index: number): boolean {
  for (const [firstIndex, count] of ranges) if (index >= firstIndex && index < firstIndex + count) return true;
  return false;
}

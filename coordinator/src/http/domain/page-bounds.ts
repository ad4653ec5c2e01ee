// The bounds of one page of a list, in rows and in bytes: whatever the rows hold, an answer takes some milliseconds and some memory.

/** A page ends before it gets larger than this as JSON; a single row may be. */
export const PAGE_MAXIMUM_BYTES = 512 * 1024;

export type Taken<T> = { readonly taken: T[]; readonly isMore: boolean };

/** The first rows that fit in a page. Reads one more than that, and no further. */
export function takePage<T>(rows: Iterable<T>, limit: number, bytesOf: (row: T) => number = jsonBytes): Taken<T> {
  const taken: T[] = [];
  let sizeBytes = 0;
  for (const row of rows) {
    if (taken.length >= limit) return { taken, isMore: true };
    sizeBytes += bytesOf(row);
    if (taken.length > 0 && sizeBytes > PAGE_MAXIMUM_BYTES) return { taken, isMore: true };
    taken.push(row);
  }
  return { taken, isMore: false };
}

export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value)) + 1;
}

/** The rows as they are shown, one by one as they are asked for. */
export function* shown<Row, Shown>(rows: Iterable<Row>, show: (row: Row) => Shown): Generator<Shown> {
  for (const row of rows) yield show(row);
}

// Snapshots changed by hand: the head is decoded, edited and encoded again, as a hostile host would.
import { concatBytes, decodeDagCbor, encodeDagCbor } from '@manyhands/contract';

export type Head = Record<string, unknown> & {
  fuel: number;
  links: Uint8Array;
  phase: number;
  depth: number;
  globals: Uint8Array;
  stack: Uint8Array;
  memorySizeBytes: number;
  filledPages: Uint8Array;
  stderrSizeBytes: number;
  host: [number, unknown, number, unknown[][], (unknown[] | null)[]];
};

/** The head of a snapshot, and everything behind it. */
export function openForged(snapshot: Uint8Array): { head: Head; rest: Uint8Array } {
  const length = new DataView(snapshot.buffer, snapshot.byteOffset).getUint32(4);
  return { head: decodeDagCbor(snapshot.subarray(8, 8 + length)) as Head, rest: snapshot.subarray(8 + length) };
}

/** A snapshot with an edited head, and `rest` instead of what stood behind it. */
export function forge(snapshot: Uint8Array, edit: (head: Head) => void, rest?: Uint8Array): Uint8Array {
  const opened = openForged(snapshot);
  edit(opened.head);
  const head = encodeDagCbor(opened.head);
  const prefix = snapshot.slice(0, 8);
  new DataView(prefix.buffer).setUint32(4, head.length);
  return concatBytes(prefix, head, rest ?? opened.rest);
}

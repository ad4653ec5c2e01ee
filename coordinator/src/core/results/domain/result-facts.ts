// What lists show of a result, found in the head of its bundle: the bundle itself need not be opened again for it.
import { type ResultRecord, readBundleRecord } from '@manyhands/contract';

/** Longer outputs are left out of lists; they have an address of their own. */
export const SHOWN_STDOUT_MAXIMUM_BYTES = 4096;

/** `stdoutAt`: where standard output begins in the bundle. */
export type ResultFacts = { readonly exitCode: number; readonly stdoutAt: number; readonly stdoutBytes: number };

/** Of a bundle, whole or only its head; undefined when it has none. `record`: where it is read already, null when it is none. */
export function factsOf(
  bundle: Uint8Array,
  record: ResultRecord | null = readBundleRecord(bundle) ?? null,
): ResultFacts | undefined {
  if (!record) return undefined;
  return { exitCode: record.exitCode, stdoutAt: headBytesOf(bundle), stdoutBytes: record.stdout.sizeBytes };
}

/** How long the head is, in bytes: the length of the record and the record. */
export function headBytesOf(bundle: Uint8Array): number {
  return 4 + new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength).getUint32(0);
}

/** Where the parts of a result lie in its bundle, by name; a declared file that was not written is null. */
export function placesOf(
  record: ResultRecord,
  headBytes: number,
): { stdout: Place; files: ReadonlyMap<string, Place | null> } {
  let at = headBytes;
  const take = (sizeBytes: number): Place => {
    at += sizeBytes;
    return { at: at - sizeBytes, sizeBytes };
  };
  const stdout = take(record.stdout.sizeBytes);
  const files = new Map<string, Place | null>();
  for (const { name, cid, sizeBytes } of record.files) files.set(name, cid === null ? null : take(sizeBytes));
  return { stdout, files };
}

export type Place = { readonly at: number; readonly sizeBytes: number };

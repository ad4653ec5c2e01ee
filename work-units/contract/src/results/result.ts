// A result: exit code, stdout and the declared output files under one digest, and the bundle that carries its bytes.

import { z } from 'zod';
import { concatBytes, equalBytes, utf8Bytes } from '../encoding/bytes.js';
import { decodeDagCborStrictly, encodeDagCbor } from '../encoding/dag-cbor.js';
import { cidSchema, rawCidOf } from '../ids/cid.js';
import { FILES_PER_UNIT_MAXIMUM, OUTPUT_MAXIMUM_BYTES } from '../limits.js';
import { filePathSchema } from '../manifest/names.js';
import { merkleLeafHash, merkleRoot } from '../merkle/merkle-tree.js';

/** What a unit made. `bytes: null` is a declared file that the program did not write. Files are sorted by name. */
export type UnitResult = {
  exitCode: number;
  stdout: Uint8Array;
  files: readonly { name: string; bytes: Uint8Array | null }[];
};

/** The length of the record stands before it. */
const LENGTH_BYTES = 4;

const sizeSchema = z.int().min(0).max(OUTPUT_MAXIMUM_BYTES);
/** The record at the head of a bundle: the whole result but for its bytes. */
export const resultRecordSchema = z.strictObject({
  version: z.literal(1),
  exitCode: z.int().min(0).max(255),
  stdout: z.strictObject({ cid: cidSchema, sizeBytes: sizeSchema }),
  files: z
    .array(z.strictObject({ name: filePathSchema, cid: cidSchema.nullable(), sizeBytes: sizeSchema }))
    .max(FILES_PER_UNIT_MAXIMUM),
});
export type ResultRecord = z.infer<typeof resultRecordSchema>;

/** The record of a result; hashes its bytes. */
export function describeResult({ exitCode, stdout, files }: UnitResult): ResultRecord {
  const sorted = [...files].sort((left, right) => (left.name < right.name ? -1 : 1));
  return {
    version: 1,
    exitCode,
    stdout: { cid: rawCidOf(stdout), sizeBytes: stdout.length },
    files: sorted.map(({ name, bytes }) => ({
      name,
      cid: bytes === null ? null : rawCidOf(bytes),
      sizeBytes: bytes?.length ?? 0,
    })),
  };
}

/** The result digest: the root of the Merkle tree of RFC 9162 section 2.1.1 over exit code, stdout and files sorted by name. 32 bytes. */
export function digestResult({ exitCode, stdout, files }: ResultRecord): Uint8Array {
  const hashes = [exitLeaf(exitCode), leafHash(['stdout', stdout.cid, stdout.sizeBytes])];
  for (const { name, cid, sizeBytes } of files) hashes.push(leafHash(['file', name, cid, sizeBytes]));
  return merkleRoot(hashes);
}

/** Hashes of the leaves of exit codes: the same few again and again. */
const exitLeaves = new Map<number, Uint8Array>();

function exitLeaf(exitCode: number): Uint8Array {
  let leaf = exitLeaves.get(exitCode);
  if (!leaf) {
    leaf = leafHash(['exit', exitCode]);
    exitLeaves.set(exitCode, leaf);
  }
  return leaf;
}

function leafHash(leaf: readonly unknown[]): Uint8Array {
  return merkleLeafHash(encodeDagCbor(leaf));
}

/** Packs a result: 4 bytes length of the record (big-endian), the record, stdout, then the files that exist, in order. */
export function encodeBundle(result: UnitResult): { bundle: Uint8Array; digest: Uint8Array; record: ResultRecord } {
  const record = describeResult(result);
  const head = encodeDagCbor(record);
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, head.length);
  const contents = [...result.files]
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap(({ bytes }) => bytes ?? []);
  return { bundle: concatBytes(length, head, result.stdout, ...contents), digest: digestResult(record), record };
}

type OpenedBundle = { result: UnitResult; record: ResultRecord };

/** Unpacks and verifies a bundle against a digest. Undefined when it is not exactly that result. The parts are views of `bundle`. */
export function openBundle(bundle: Uint8Array, digest: Uint8Array): OpenedBundle | undefined {
  const head = headOf(bundle);
  if (!head) return undefined;
  const isPlain = equalBytes(head.subarray(0, PLAIN_HEAD_START.length), PLAIN_HEAD_START);
  return isPlain ? openPlain(bundle, { head, digest }) : openAny(bundle, { head, digest });
}

/** How the record of a result without files begins: a map of four, the first of which is `files`, an empty array. */
const PLAIN_HEAD_START = Uint8Array.of(0xa4, 0x65, ...utf8Bytes('files'), 0x80);

/** Most results have no files. Then only one head is possible, and to make it costs less than to read what is there. */
function openPlain(
  bundle: Uint8Array,
  { head, digest }: { head: Uint8Array; digest: Uint8Array },
): OpenedBundle | undefined {
  const stdout = bundle.subarray(LENGTH_BYTES + head.length);
  if (stdout.length > OUTPUT_MAXIMUM_BYTES) return undefined;
  // The exit code is the last entry, and both of its forms, of one byte and of two, end in its value.
  const result = { exitCode: head[head.length - 1] ?? 0, stdout, files: [] };
  const record = describeResult(result);
  const isRight = equalBytes(encodeDagCbor(record), head) && equalBytes(digestResult(record), digest);
  return isRight ? { result, record } : undefined;
}

function openAny(
  bundle: Uint8Array,
  { head, digest }: { head: Uint8Array; digest: Uint8Array },
): OpenedBundle | undefined {
  const record = readRecord(head);
  if (!record || !equalBytes(digestResult(record), digest)) return undefined;
  let offset = LENGTH_BYTES + head.length;
  const take = (sizeBytes: number): Uint8Array => {
    offset += sizeBytes;
    return bundle.subarray(offset - sizeBytes, offset);
  };
  const stdout = take(record.stdout.sizeBytes);
  const files = record.files.map(({ name, cid, sizeBytes }) => ({
    name,
    bytes: cid === null ? null : take(sizeBytes),
  }));
  const isWhole =
    offset === bundle.length &&
    rawCidOf(stdout) === record.stdout.cid &&
    files.every(({ bytes }, index) => bytes === null || rawCidOf(bytes) === record.files[index]?.cid);
  return isWhole ? { result: { exitCode: record.exitCode, stdout, files }, record } : undefined;
}

/** The record at the head of a bundle. Undefined when there is none. */
export function readBundleRecord(bundle: Uint8Array): ResultRecord | undefined {
  const head = headOf(bundle);
  return head && readRecord(head);
}

function headOf(bundle: Uint8Array): Uint8Array | undefined {
  if (bundle.length < LENGTH_BYTES) return undefined;
  const end = LENGTH_BYTES + new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength).getUint32(0);
  return end <= bundle.length ? bundle.subarray(LENGTH_BYTES, end) : undefined;
}

function readRecord(head: Uint8Array): ResultRecord | undefined {
  try {
    const record = resultRecordSchema.safeParse(decodeDagCborStrictly(head));
    return record.success ? record.data : undefined;
  } catch {
    return undefined;
  }
}

// Files as content-addressed blocks: one raw block, or a DAG-CBOR list of raw blocks of 1 MiB.
import { z } from 'zod';
import { decodeDagCborStrictly, encodeDagCbor } from '../encoding/dag-cbor.js';
import { ManyhandsError } from '../errors/manyhands-error.js';
import { type Cid, cidSchema, dagCborCidOf, parseCid, rawCidOf } from '../ids/cid.js';
import { BLOCK_MAXIMUM_BYTES, INPUT_FILE_MAXIMUM_BYTES } from '../limits.js';

/** A file: the raw block itself when `cid` is raw, otherwise the list of its blocks. */
export const fileRefSchema = z.strictObject({
  cid: cidSchema,
  sizeBytes: z.int().min(0).max(INPUT_FILE_MAXIMUM_BYTES),
});
export type FileRef = z.infer<typeof fileRefSchema>;

export const fileListSchema = z.strictObject({
  version: z.literal(1),
  sizeBytes: z.int().min(0).max(INPUT_FILE_MAXIMUM_BYTES),
  blockSizeBytes: z.literal(BLOCK_MAXIMUM_BYTES),
  blocks: z
    .array(cidSchema)
    .min(2)
    .max(INPUT_FILE_MAXIMUM_BYTES / BLOCK_MAXIMUM_BYTES),
});
export type FileList = z.infer<typeof fileListSchema>;
export type Block = { cid: Cid; bytes: Uint8Array };

/** Cuts a file into blocks, in order; the list of blocks, if there is one, comes last. The blocks are views of `bytes`. */
export function splitFile(bytes: Uint8Array): { ref: FileRef; blocks: Block[] } {
  if (bytes.length <= BLOCK_MAXIMUM_BYTES) {
    const cid = rawCidOf(bytes);
    return { ref: { cid, sizeBytes: bytes.length }, blocks: [{ cid, bytes }] };
  }
  const blocks: Block[] = [];
  for (let offset = 0; offset < bytes.length; offset += BLOCK_MAXIMUM_BYTES) {
    const part = bytes.subarray(offset, offset + BLOCK_MAXIMUM_BYTES);
    blocks.push({ cid: rawCidOf(part), bytes: part });
  }
  const list = encodeFileList(
    bytes.length,
    blocks.map(({ cid }) => cid),
  );
  return { ref: { cid: list.cid, sizeBytes: bytes.length }, blocks: [...blocks, list] };
}

/** The list block of a file of more than one block. */
export function encodeFileList(sizeBytes: number, blocks: readonly Cid[]): Block {
  const bytes = encodeDagCbor({ version: 1, sizeBytes, blockSizeBytes: BLOCK_MAXIMUM_BYTES, blocks });
  return { cid: dagCborCidOf(bytes), bytes };
}

/** Whether the file of this reference has a list of blocks. */
export function hasFileList(ref: FileRef): boolean {
  return parseCid(ref.cid).codec === 'dag-cbor';
}

/** Reads a list of blocks that was verified against its identifier. Throws MH-BAT-003 when it does not fit the reference. */
export function decodeFileList(ref: FileRef, bytes: Uint8Array): FileList {
  let value: unknown;
  try {
    value = decodeDagCborStrictly(bytes);
  } catch (cause) {
    throw new ManyhandsError('MH-BAT-003', {
      message: 'A list of blocks is not DAG-CBOR.',
      meta: { cid: ref.cid },
      cause,
    });
  }
  const list = fileListSchema.safeParse(value);
  const isFitting =
    list.success &&
    list.data.sizeBytes === ref.sizeBytes &&
    list.data.blocks.length === Math.ceil(ref.sizeBytes / BLOCK_MAXIMUM_BYTES);
  if (!isFitting)
    throw new ManyhandsError('MH-BAT-003', {
      message: 'A list of blocks does not fit its file.',
      meta: { cid: ref.cid },
    });
  return list.data;
}

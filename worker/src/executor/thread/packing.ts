// Compresses snapshots where it pays: most memories are nearly empty or full of small numbers, some are noise.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ManyhandsError } from '@manyhands/contract';

export type PackedSnapshot = { bytes: Uint8Array<ArrayBuffer>; isCompressed: boolean };

/** Level 1: three times as fast as the default for a tenth more bytes. */
const LEVEL = 1;
const SAMPLE_BYTES = 256 * 1024;
/** Worth its time when the sample loses so much. */
const RATIO_MAXIMUM = 0.7;
/** Deflating more would hold up a pause for seconds. */
const COMPRESSED_MAXIMUM_BYTES = 256 * 1024 * 1024;

/** Packs a snapshot. The bytes have a buffer of their own, which can be transferred. */
export function pack(snapshot: Uint8Array): PackedSnapshot {
  if (snapshot.length > COMPRESSED_MAXIMUM_BYTES || !isCompressible(snapshot))
    return { bytes: ownBuffer(snapshot), isCompressed: false };
  return { bytes: ownBuffer(deflateRawSync(snapshot, { level: LEVEL })), isCompressed: true };
}

/** Unpacks a snapshot. Throws MH-CKP-001 when it is damaged or larger than allowed. */
export function unpack({ bytes, isCompressed }: PackedSnapshot, maximumBytes: number): Uint8Array {
  if (!isCompressed) return bytes;
  try {
    return inflateRawSync(bytes, { maxOutputLength: maximumBytes });
  } catch (cause) {
    throw new ManyhandsError('MH-CKP-001', { message: 'The checkpoint cannot be decompressed.', cause });
  }
}

/** A piece from the middle stands for the whole: the head is bookkeeping. */
function isCompressible(snapshot: Uint8Array): boolean {
  const middle = Math.max(0, Math.floor((snapshot.length - SAMPLE_BYTES) / 2));
  const sample = snapshot.subarray(middle, middle + SAMPLE_BYTES);
  return deflateRawSync(sample, { level: LEVEL }).length <= sample.length * RATIO_MAXIMUM;
}

function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const isOwn = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
  return isOwn ? (bytes as Uint8Array<ArrayBuffer>) : Uint8Array.from(bytes);
}

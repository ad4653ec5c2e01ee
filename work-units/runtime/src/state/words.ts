// 64-bit values as bytes, since DAG-CBOR of signed objects and hashes knows safe integers only. Little-endian.

export const WORD_BYTES = 8;

/** The 8 bytes of an integer, modulo 2^64. */
export function wordBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(WORD_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
  return bytes;
}

/** The unsigned integer of 8 bytes. */
export function wordOf(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, WORD_BYTES).getBigUint64(0, true);
}

// The values of a program's mutable globals as bytes, 8 for each: exact for every type, so that minus zero and 64-bit integers survive.
import { WORD_BYTES, wordBytes, wordOf } from '../state/words.js';

/** Which bits a NaN gets otherwise is up to the engine. */
const NAN = wordBytes(0x7ff8_0000_0000_0000n);

/** i32, f32 and f64 fit a double exactly; a NaN is the canonical one, since programs cannot tell (ABI.md). */
export function encodeGlobals(globals: readonly WebAssembly.Global[]): Uint8Array {
  const bytes = new Uint8Array(globals.length * WORD_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [index, { value }] of globals.entries()) {
    if (typeof value === 'bigint') bytes.set(wordBytes(value), index * WORD_BYTES);
    else if (Number.isNaN(value)) bytes.set(NAN, index * WORD_BYTES);
    else view.setFloat64(index * WORD_BYTES, value as number, true);
  }
  return bytes;
}

/** Sets all values; false when the bytes are not what these globals would encode to. */
export function decodeGlobals(globals: readonly WebAssembly.Global[], bytes: Uint8Array): boolean {
  if (bytes.length !== globals.length * WORD_BYTES) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [index, global] of globals.entries()) {
    const at = index * WORD_BYTES;
    if (typeof global.value === 'bigint') global.value = BigInt.asIntN(64, wordOf(bytes.subarray(at)));
    else global.value = view.getFloat64(at, true);
  }
  const back = encodeGlobals(globals);
  return bytes.every((byte, index) => byte === back[index]);
}

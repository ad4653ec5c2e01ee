// Reads and changes a byte sequence that grows in place.
import type { GrowingBytes } from './byte-sequence.js';
import { noteChangedBytes } from './content-digest.js';

const CAPACITY_MINIMUM_BYTES = 256;
/** Most room kept in advance, so that a file near its limit does not take twice as much of the volunteer's memory. */
const SPARE_MAXIMUM_BYTES = 32 * 1024 * 1024;

export function emptyBytes(): GrowingBytes {
  return { bytes: new Uint8Array(0), sizeBytes: 0, isBorrowed: false };
}

export function borrowedBytes(bytes: Uint8Array): GrowingBytes {
  return { bytes, sizeBytes: bytes.length, isBorrowed: true };
}

/** The contents as a window, not a copy. */
export function contents(content: GrowingBytes): Uint8Array {
  return content.bytes.subarray(0, content.sizeBytes);
}

/** Makes the size what is asked, filling with zeros or cutting off. */
export function resize(content: GrowingBytes, sizeBytes: number): void {
  if (sizeBytes === content.sizeBytes) return;
  reserve(content, sizeBytes);
  noteChangedBytes(content, Math.min(sizeBytes, content.sizeBytes), Math.max(sizeBytes, content.sizeBytes));
  if (sizeBytes < content.sizeBytes) content.bytes.fill(0, sizeBytes, content.sizeBytes);
  content.sizeBytes = sizeBytes;
}

/** Writes the windows one after the other from an offset, growing as needed; a gap before the offset is zeros. */
export function writeAt(content: GrowingBytes, offset: number, windows: readonly Uint8Array[]): void {
  const lengthBytes = windows.reduce((sum, window) => sum + window.length, 0);
  if (lengthBytes === 0) return;
  reserve(content, Math.max(offset + lengthBytes, content.sizeBytes));
  noteChangedBytes(content, Math.min(offset, content.sizeBytes), offset + lengthBytes);
  let position = offset;
  for (const window of windows) {
    content.bytes.set(window, position);
    position += window.length;
  }
  content.sizeBytes = Math.max(content.sizeBytes, position);
}

/** Fills the windows in order from an offset and gives the number of bytes that there were. */
export function readAt(content: GrowingBytes, offset: number, windows: readonly Uint8Array[]): number {
  let position = offset;
  for (const window of windows) {
    if (position >= content.sizeBytes) break;
    const part = content.bytes.subarray(position, Math.min(position + window.length, content.sizeBytes));
    window.set(part);
    position += part.length;
  }
  return position - offset;
}

/** Makes the buffer ours and large enough; doubling keeps many small writes linear. */
function reserve(content: GrowingBytes, sizeBytes: number): void {
  if (!content.isBorrowed && sizeBytes <= content.bytes.length) return;
  const { length } = content.bytes;
  const roomy = content.isBorrowed ? 0 : length + Math.min(length, SPARE_MAXIMUM_BYTES);
  const grown = new Uint8Array(Math.max(sizeBytes, roomy, CAPACITY_MINIMUM_BYTES));
  grown.set(content.bytes.subarray(0, Math.min(content.sizeBytes, sizeBytes)));
  content.bytes = grown;
  content.isBorrowed = false;
}

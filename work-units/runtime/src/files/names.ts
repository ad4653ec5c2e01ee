// Names and paths of the file tree: bytes to text and back, and the one order in which names are listed.
import { equalBytes } from '@manyhands/contract';
import { Errno } from '../abi/errno.js';
import { FILE_NAME_MAXIMUM_BYTES, PATH_MAXIMUM_BYTES } from '../limits.js';
import { fail } from '../state/signals.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** What stands for bytes that are no text, and may stand in a path by itself. */
const REPLACEMENT = '\ufffd';
/** Most bytes of one unit of a JavaScript string. */
const BYTES_PER_UNIT = 3;

export function encodeName(name: string): Uint8Array {
  return encoder.encode(name);
}

/** The path as text. ENAMETOOLONG, EILSEQ when it is not UTF-8, EINVAL when it holds a zero. */
export function decodePath(bytes: Uint8Array): string {
  if (bytes.length > PATH_MAXIMUM_BYTES) fail(Errno.nameTooLong);
  if (bytes.includes(0)) fail(Errno.invalid);
  const path = decoder.decode(bytes);
  // A strict decoder would throw errors, which take far longer to make than a path to read.
  if (path.includes(REPLACEMENT) && !equalBytes(encodeName(path), bytes)) fail(Errno.illegalByteSequence);
  return path;
}

/** The parts of a path between slashes, without empty ones and single dots. ENAMETOOLONG for a part that is too long. */
export function pathParts(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.some(isTooLong)) fail(Errno.nameTooLong);
  return parts;
}

/** Most names are so short that their bytes need not be counted. */
function isTooLong(name: string): boolean {
  return name.length * BYTES_PER_UNIT > FILE_NAME_MAXIMUM_BYTES && encodeName(name).length > FILE_NAME_MAXIMUM_BYTES;
}

const SURROGATE = /[\ud800-\udfff]/;

/** Sorts names as they are listed. */
export function sortNames(names: string[]): string[] {
  return names.some((name) => SURROGATE.test(name)) ? names.sort(compareNames) : names.sort();
}

/** Order by UTF-8 bytes, which differs from that of JavaScript strings where surrogates meet the end of the basic plane. */
export function compareNames(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    const difference = rank(left.charCodeAt(index)) - rank(right.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Moves surrogates, which stand for the highest characters, behind all other code units. */
function rank(unit: number): number {
  const isSurrogate = unit >= 0xd800 && unit < 0xe000;
  return isSurrogate ? unit + 0x1_0000 : unit;
}

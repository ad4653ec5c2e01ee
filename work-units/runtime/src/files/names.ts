// Names and paths of the file tree: bytes to text and back, and the one order in which names are listed.
import { Errno } from '../abi/errno.js';
import { fail } from '../host/signals.js';
import { FILE_NAME_MAXIMUM_BYTES, PATH_MAXIMUM_BYTES } from '../limits.js';

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function encodeName(name: string): Uint8Array {
  return encoder.encode(name);
}

/** The path as text. ENAMETOOLONG, EILSEQ when it is not UTF-8, EINVAL when it holds a zero. */
export function decodePath(bytes: Uint8Array): string {
  if (bytes.length > PATH_MAXIMUM_BYTES) fail(Errno.nameTooLong);
  if (bytes.includes(0)) fail(Errno.invalid);
  try {
    return strictDecoder.decode(bytes);
  } catch (error) {
    // Anything else, such as a native stack overflow in here, must not look like the guest's mistake.
    if (!(error instanceof TypeError)) throw error;
    return fail(Errno.illegalByteSequence);
  }
}

/** The parts of a path between slashes, without empty ones and single dots. ENAMETOOLONG for a part that is too long. */
export function pathParts(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.some((part) => encodeName(part).length > FILE_NAME_MAXIMUM_BYTES)) fail(Errno.nameTooLong);
  return parts;
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

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
  } catch {
    return fail(Errno.illegalByteSequence);
  }
}

/** The parts of a path between slashes, without empty ones and single dots. ENAMETOOLONG for a part that is too long. */
export function pathParts(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.some((part) => encodeName(part).length > FILE_NAME_MAXIMUM_BYTES)) fail(Errno.nameTooLong);
  return parts;
}

/** Order by UTF-8 bytes, which differs from the order of JavaScript strings beyond the basic plane. */
export function compareNames(left: string, right: string): number {
  const a = encodeName(left);
  const b = encodeName(right);
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    const difference = (a[index] as number) - (b[index] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

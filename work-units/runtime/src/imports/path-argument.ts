// A path that the guest hands over.
import { decodePath } from '../files/names.js';
import type { HostContext } from '../host/host-context.js';
import { HOST_FUEL } from '../host/meter.js';
import { PATH_MAXIMUM_BYTES } from '../limits.js';

export type PathArgument = { pointer: number; length: number };

/** The path as text, paid for by its length unless it is too long to be looked at. */
export function readPath({ memory, meter }: HostContext, { pointer, length }: PathArgument): string {
  const bytes = memory.bytes(pointer, length);
  if (bytes.length <= PATH_MAXIMUM_BYTES) meter.charge(HOST_FUEL.path + bytes.length * HOST_FUEL.pathByte);
  return decodePath(bytes);
}

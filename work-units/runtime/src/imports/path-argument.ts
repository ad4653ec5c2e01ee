// A path that the guest hands over.
import { decodePath } from '../files/names.js';
import type { HostContext } from '../host/host-context.js';

export type PathArgument = { pointer: number; length: number };

/** The path as text, paid for by its length. */
export function readPath({ memory, meter }: HostContext, { pointer, length }: PathArgument): string {
  const path = decodePath(memory.bytes(pointer, length));
  meter.chargeBytes(length);
  return path;
}

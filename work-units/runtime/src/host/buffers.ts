// Scattered buffers of reads and writes (iovec): checked as a whole before anything moves.
import { Errno } from '../abi/errno.js';
import { BUFFERS_MAXIMUM } from '../limits.js';
import { fail } from '../state/signals.js';
import type { HostContext } from './host-context.js';
import { HOST_FUEL } from './meter.js';

const BUFFER_ENTRY_BYTES = 8;
const LENGTH_MAXIMUM = 0xffff_ffff;

/** Windows onto the guest's buffers and their total length, which fits 32 bits. */
export type GuestBuffers = { windows: Uint8Array[]; lengthBytes: number };

/** Reads the list of `count` buffers at `pointer`, each of which is paid for. EINVAL when there are too many or too long, EFAULT outside memory. */
export function guestBuffers({ memory, meter }: HostContext, pointer: number, count: number): GuestBuffers {
  const entryCount = count >>> 0;
  if (entryCount > BUFFERS_MAXIMUM) fail(Errno.invalid);
  const start = memory.at(pointer, entryCount * BUFFER_ENTRY_BYTES);
  meter.charge(entryCount * HOST_FUEL.buffer);
  const windows: Uint8Array[] = [];
  let lengthBytes = 0;
  for (let index = 0; index < entryCount; index++) {
    const entry = start + index * BUFFER_ENTRY_BYTES;
    const window = memory.bytes(memory.u32(entry), memory.u32(entry + 4));
    lengthBytes += window.length;
    windows.push(window);
  }
  if (lengthBytes > LENGTH_MAXIMUM) fail(Errno.invalid);
  return { windows, lengthBytes };
}

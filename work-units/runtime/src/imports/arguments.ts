// Arguments and environment.
import { Errno } from '../abi/errno.js';
import type { HostContext, ImportGroup } from '../host/host-context.js';
import { totalBytes } from '../host/host-state.js';

export function argumentImports({ state, memory, meter }: HostContext): ImportGroup {
  function sizes(strings: readonly Uint8Array[], countPointer: number, sizePointer: number): number {
    memory.at(sizePointer, 4);
    memory.setU32(countPointer, strings.length);
    memory.setU32(sizePointer, totalBytes(strings));
    return Errno.success;
  }

  function copy(strings: readonly Uint8Array[], listPointer: number, bufferPointer: number): number {
    const list = memory.at(listPointer, strings.length * 4);
    const buffer = memory.at(bufferPointer, totalBytes(strings));
    meter.chargeBytes(totalBytes(strings));
    let offset = 0;
    for (const [index, string] of strings.entries()) {
      memory.setU32(list + index * 4, buffer + offset);
      memory.bytes(buffer + offset, string.length).set(string);
      offset += string.length;
    }
    return Errno.success;
  }

  return {
    args_sizes_get: (count: number, size: number) => sizes(state.args, count, size),
    args_get: (list: number, buffer: number) => copy(state.args, list, buffer),
    environ_sizes_get: (count: number, size: number) => sizes(state.environment, count, size),
    environ_get: (list: number, buffer: number) => copy(state.environment, list, buffer),
  };
}

// Arguments and environment.
import { Errno } from '../abi/errno.js';
import type { HostContext, ImportGroup } from '../host/host-context.js';
import { totalBytes } from '../host/host-state.js';
import { HOST_FUEL } from '../host/meter.js';

export function argumentImports({ state, memory, meter }: HostContext): ImportGroup {
  // They never change, and there may be many.
  const totals = new Map([state.args, state.environment].map((strings) => [strings, totalBytes(strings)]));
  const sizeOf = (strings: readonly Uint8Array[]): number => totals.get(strings as Uint8Array[]) ?? totalBytes(strings);

  function sizes(strings: readonly Uint8Array[], countPointer: number, sizePointer: number): number {
    memory.at(sizePointer, 4);
    memory.setU32(countPointer, strings.length);
    memory.setU32(sizePointer, sizeOf(strings));
    return Errno.success;
  }

  function copy(strings: readonly Uint8Array[], listPointer: number, bufferPointer: number): number {
    const list = memory.at(listPointer, strings.length * 4);
    const buffer = memory.at(bufferPointer, sizeOf(strings));
    meter.charge(strings.length * HOST_FUEL.argument);
    meter.chargeRead(sizeOf(strings));
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

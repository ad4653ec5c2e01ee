// Moving bytes between the guest and files or streams, and the position in a file.
import { DescriptorFlag, Whence } from '../abi/constants.js';
import { Errno } from '../abi/errno.js';
import { Right } from '../abi/rights.js';
import {
  descriptorAt,
  type FileDescriptor,
  fileAt,
  fileNodeOf,
  requireRights,
  type StreamDescriptor,
} from '../descriptors/descriptor-table.js';
import type { GrowingBytes } from '../files/byte-sequence.js';
import { writeFile } from '../files/file-content.js';
import type { FileNode } from '../files/file-tree.js';
import { readAt } from '../files/growing-bytes.js';
import { type GuestBuffers, guestBuffers } from '../host/buffers.js';
import type { HostContext, ImportGroup } from '../host/host-context.js';
import { writeError, writeOutput } from '../host/output.js';
import { fail } from '../state/signals.js';

export function readWriteImports(context: HostContext): ImportGroup {
  const { state, memory, meter } = context;
  const { descriptors: table, tree } = state;

  function read(content: GrowingBytes, offset: number, { windows, lengthBytes }: GuestBuffers): number {
    meter.chargeRead(Math.min(lengthBytes, Math.max(0, content.sizeBytes - offset)));
    return readAt(content, offset, windows);
  }

  /**
   * A gap before the offset is filled with zeros, which is paid for too when the limit of the tree allows it at all. That the first change of an input copies it
   * cannot be: whether it was changed is not part of the state, which knows bytes only.
   */
  function write(file: FileNode, offset: number, { windows, lengthBytes }: GuestBuffers): void {
    const gapBytes = lengthBytes === 0 ? 0 : Math.max(0, offset - file.content.sizeBytes);
    meter.chargeWritten(lengthBytes + (gapBytes <= tree.maximumBytes ? gapBytes : 0));
    writeFile(tree, file, { offset, windows, lengthBytes });
  }

  function writeStream(descriptor: StreamDescriptor, { windows, lengthBytes }: GuestBuffers): void {
    meter.chargeWritten(lengthBytes);
    if (descriptor.stream === 'stdout') writeOutput(state, windows, lengthBytes);
    else writeError(state, windows);
  }

  function writeAtOffset(descriptor: FileDescriptor, buffers: GuestBuffers): void {
    const file = fileNodeOf(tree, descriptor);
    const offset = (descriptor.flags & DescriptorFlag.append) !== 0 ? file.content.sizeBytes : descriptor.offset;
    write(file, offset, buffers);
    descriptor.offset = offset + buffers.lengthBytes;
  }

  function seekBase(descriptor: FileDescriptor, whence: number): number {
    switch (whence) {
      case Whence.start:
        return 0;
      case Whence.current:
        return descriptor.offset;
      case Whence.end:
        return fileNodeOf(tree, descriptor).content.sizeBytes;
      default:
        return fail(Errno.invalid);
    }
  }

  function seek(descriptor: FileDescriptor, delta: bigint, whence: number): number {
    const base = seekBase(descriptor, whence);
    const target = BigInt(base) + delta;
    if (target < 0n || target > BigInt(Number.MAX_SAFE_INTEGER)) fail(Errno.invalid);
    return Number(target);
  }

  return {
    fd_read(fd: number, list: number, count: number, lengthPointer: number) {
      requireRights(descriptorAt(table, fd), Right.read);
      const descriptor = fileAt(table, fd, Right.read);
      const buffers = guestBuffers(context, list, count);
      memory.at(lengthPointer, 4);
      const lengthBytes = read(fileNodeOf(tree, descriptor).content, descriptor.offset, buffers);
      descriptor.offset += lengthBytes;
      memory.setU32(lengthPointer, lengthBytes);
      return Errno.success;
    },
    fd_write(fd: number, list: number, count: number, lengthPointer: number) {
      const descriptor = descriptorAt(table, fd);
      requireRights(descriptor, Right.write);
      const buffers = guestBuffers(context, list, count);
      memory.at(lengthPointer, 4);
      if (descriptor.kind === 'stream') writeStream(descriptor, buffers);
      else writeAtOffset(fileAt(table, fd, Right.write), buffers);
      memory.setU32(lengthPointer, buffers.lengthBytes);
      return Errno.success;
    },
    fd_pread(fd: number, list: number, count: number, offset: bigint, lengthPointer: number) {
      const descriptor = fileAt(table, fd, Right.read | Right.seek);
      const buffers = guestBuffers(context, list, count);
      memory.at(lengthPointer, 4);
      const lengthBytes = read(fileNodeOf(tree, descriptor).content, unsigned(offset), buffers);
      memory.setU32(lengthPointer, lengthBytes);
      return Errno.success;
    },
    fd_pwrite(fd: number, list: number, count: number, offset: bigint, lengthPointer: number) {
      const descriptor = fileAt(table, fd, Right.write | Right.seek);
      const buffers = guestBuffers(context, list, count);
      memory.at(lengthPointer, 4);
      write(fileNodeOf(tree, descriptor), unsigned(offset), buffers);
      memory.setU32(lengthPointer, buffers.lengthBytes);
      return Errno.success;
    },
    fd_seek(fd: number, delta: bigint, whence: number, pointer: number) {
      const descriptor = fileAt(table, fd, Right.seek);
      memory.at(pointer, 8);
      const offset = seek(descriptor, delta, whence);
      descriptor.offset = offset;
      memory.setU64(pointer, BigInt(offset));
      return Errno.success;
    },
    fd_tell(fd: number, pointer: number) {
      memory.setU64(pointer, BigInt(fileAt(table, fd, Right.tell).offset));
      return Errno.success;
    },
  };
}

/** An unsigned 64-bit offset as a number; beyond 2^53 only its being far too large matters. */
function unsigned(offset: bigint): number {
  return Number(BigInt.asUintN(64, offset));
}

// Calls about descriptors themselves: close, renumber, state, flags, rights, preopened names.
import { DESCRIPTOR_FLAGS, FileType } from '../abi/constants.js';
import { Errno } from '../abi/errno.js';
import { Right } from '../abi/rights.js';
import {
  closeDescriptor,
  type Descriptor,
  descriptorAt,
  renumberDescriptor,
  requireRights,
} from '../descriptors/descriptor-table.js';
import { encodeName } from '../files/names.js';
import type { HostContext, ImportGroup } from '../host/host-context.js';
import { fail } from '../state/signals.js';

const STATE_BYTES = 24;
const FILE_TYPES = { stream: FileType.unknown, file: FileType.file, folder: FileType.folder } as const;

export function descriptorImports({ state, memory }: HostContext): ImportGroup {
  const { descriptors: table, tree } = state;

  function preopenName(fd: number): Uint8Array {
    const descriptor = descriptorAt(table, fd);
    if (descriptor.kind !== 'folder' || descriptor.preopenName === null) return fail(Errno.badDescriptor);
    return encodeName(descriptor.preopenName);
  }

  function writeState(descriptor: Descriptor, pointer: number): void {
    memory.clear(pointer, STATE_BYTES);
    memory.setU8(pointer, FILE_TYPES[descriptor.kind]);
    memory.setU16(pointer + 2, descriptor.flags);
    memory.setU64(pointer + 8, descriptor.rights);
    memory.setU64(pointer + 16, descriptor.inheriting);
  }

  return {
    fd_close(fd: number) {
      closeDescriptor(table, tree, fd);
      return Errno.success;
    },
    fd_renumber(from: number, to: number) {
      renumberDescriptor(table, tree, { from, to });
      return Errno.success;
    },
    fd_fdstat_get(fd: number, pointer: number) {
      writeState(descriptorAt(table, fd), pointer);
      return Errno.success;
    },
    fd_fdstat_set_flags(fd: number, flags: number) {
      const descriptor = descriptorAt(table, fd);
      requireRights(descriptor, Right.setFlags);
      if ((flags & ~DESCRIPTOR_FLAGS) !== 0) fail(Errno.invalid);
      descriptor.flags = flags;
      return Errno.success;
    },
    fd_fdstat_set_rights(fd: number, rights: bigint, inheriting: bigint) {
      const descriptor = descriptorAt(table, fd);
      const base = BigInt.asUintN(64, rights);
      const passedOn = BigInt.asUintN(64, inheriting);
      if ((base & ~descriptor.rights) !== 0n || (passedOn & ~descriptor.inheriting) !== 0n) fail(Errno.notCapable);
      descriptor.rights = base;
      descriptor.inheriting = passedOn;
      return Errno.success;
    },
    fd_prestat_get(fd: number, pointer: number) {
      const name = preopenName(fd);
      memory.clear(pointer, 8);
      memory.setU32(pointer + 4, name.length);
      return Errno.success;
    },
    fd_prestat_dir_name(fd: number, pointer: number, length: number) {
      const name = preopenName(fd);
      if (length >>> 0 < name.length) fail(Errno.nameTooLong);
      memory.bytes(pointer, name.length).set(name);
      return Errno.success;
    },
  };
}

// Listing a folder: entries in byte order of their names, packed into the guest's buffer.
import { FileType } from '../abi/constants.js';
import { Errno } from '../abi/errno.js';
import { Right } from '../abi/rights.js';
import { folderAt, folderNodeOf } from '../descriptors/descriptor-table.js';
import { entriesFrom, type ListingEntry } from '../files/listing.js';
import { encodeName } from '../files/names.js';
import type { HostContext, ImportGroup } from '../host/host-context.js';
import { HOST_FUEL } from '../host/meter.js';

const ENTRY_HEADER_BYTES = 24;

export function folderImports({ state, memory, meter }: HostContext): ImportGroup {
  const { descriptors: table, tree } = state;

  return {
    fd_readdir(fd: number, buffer: number, length: number, cookie: bigint, lengthPointer: number) {
      const descriptor = folderAt(table, fd, Right.readFolder);
      const window = memory.bytes(buffer, length);
      memory.at(lengthPointer, 4);
      const start = { cookie: BigInt.asUintN(64, cookie), mark: descriptor.listingMark };
      let next = start.cookie;
      let used = 0;
      const folder = folderNodeOf(tree, descriptor);
      meter.charge(folder.entries.size * HOST_FUEL.folderEntry);
      const parts: Uint8Array[] = [];
      let mark = descriptor.listingMark;
      for (const entry of entriesFrom(tree, folder, start)) {
        meter.charge(HOST_FUEL.listedEntry);
        next++;
        const packed = pack(entry, next);
        const part = packed.subarray(0, window.length - used);
        parts.push(part);
        used += part.length;
        if (part.length < packed.length) break;
        mark = { cookie: next, name: entry.name };
      }
      meter.chargeRead(used);
      let at = 0;
      for (const part of parts) {
        window.set(part, at);
        at += part.length;
      }
      descriptor.listingMark = mark;
      memory.setU32(lengthPointer, used);
      return Errno.success;
    },
  };
}

/** One entry as the guest reads it; `next` is the cookie that continues after it. */
function pack({ name, inode, isFolder }: ListingEntry, next: bigint): Uint8Array {
  const bytes = encodeName(name);
  const packed = new Uint8Array(ENTRY_HEADER_BYTES + bytes.length);
  const view = new DataView(packed.buffer);
  view.setBigUint64(0, next, true);
  view.setBigUint64(8, BigInt(inode), true);
  view.setUint32(16, bytes.length, true);
  view.setUint8(20, isFolder ? FileType.folder : FileType.file);
  packed.set(bytes, ENTRY_HEADER_BYTES);
  return packed;
}

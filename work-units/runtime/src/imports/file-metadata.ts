// What is known about files and folders: size, type, number and times, and changing size and times.
import { ADVICE_MAXIMUM, FileType, TIME_FLAGS, TimeFlag } from '../abi/constants.js';
import { Errno } from '../abi/errno.js';
import { Right } from '../abi/rights.js';
import {
  type Descriptor,
  descriptorAt,
  fileAt,
  fileNodeOf,
  folderAt,
  folderNodeOf,
  requireRights,
} from '../descriptors/descriptor-table.js';
import { setFileSize } from '../files/file-content.js';
import { type FileNode, nodeOf, type TreeNode } from '../files/file-tree.js';
import { findNode } from '../files/paths.js';
import type { GuestMemory } from '../host/guest-memory.js';
import type { HostContext, ImportGroup } from '../host/host-context.js';
import { FIXED_TIME_NS } from '../state/clock.js';
import { fail } from '../state/signals.js';
import { type PathArgument, readPath } from './path-argument.js';

const FILE_STAT_BYTES = 64;
/** The device number of every file of the tree; streams are on device 0. */
const TREE_DEVICE = 1n;

type Times = { accessedNs: bigint; modifiedNs: bigint; flags: number };

export function metadataImports(context: HostContext): ImportGroup {
  const { state, memory, meter } = context;
  const { descriptors: table, tree } = state;

  function nodeAtPath(fd: number, right: bigint, path: PathArgument): TreeNode {
    const folder = folderNodeOf(tree, folderAt(table, fd, right));
    return findNode(tree, folder, readPath(context, path));
  }

  /** Zeros written or bytes cut off are paid for, when the size is one that the limit of the tree allows at all. */
  function resizeFile(file: FileNode, sizeBytes: number): void {
    const { content } = file;
    if (sizeBytes <= tree.maximumBytes) {
      meter.chargeWritten(sizeBytes - content.sizeBytes);
      meter.chargeRead(content.sizeBytes - sizeBytes);
    }
    setFileSize(tree, file, sizeBytes);
  }

  function heldNode(descriptor: Descriptor): TreeNode | null {
    return descriptor.kind === 'stream' ? null : nodeOf(tree, descriptor.inode);
  }

  return {
    fd_filestat_get(fd: number, pointer: number) {
      const descriptor = descriptorAt(table, fd);
      requireRights(descriptor, Right.stat);
      const node = heldNode(descriptor);
      if (node === null) writeStreamStat(memory, pointer);
      else writeNodeStat(memory, pointer, node);
      return Errno.success;
    },
    path_filestat_get(fd: number, _lookup: number, path: number, length: number, pointer: number) {
      writeNodeStat(memory, pointer, nodeAtPath(fd, Right.pathStat, { pointer: path, length }));
      return Errno.success;
    },
    fd_filestat_set_size(fd: number, sizeBytes: bigint) {
      const file = fileNodeOf(tree, fileAt(table, fd, Right.setSize));
      resizeFile(file, Number(BigInt.asUintN(64, sizeBytes)));
      return Errno.success;
    },
    fd_allocate(fd: number, offset: bigint, lengthBytes: bigint) {
      const file = fileNodeOf(tree, fileAt(table, fd, Right.allocate));
      const endBytes = Number(BigInt.asUintN(64, offset) + BigInt.asUintN(64, lengthBytes));
      if (lengthBytes === 0n) fail(Errno.invalid);
      if (endBytes > file.content.sizeBytes) resizeFile(file, endBytes);
      return Errno.success;
    },
    fd_filestat_set_times(fd: number, accessedNs: bigint, modifiedNs: bigint, flags: number) {
      const descriptor = descriptorAt(table, fd);
      requireRights(descriptor, Right.setTimes);
      const node = heldNode(descriptor) ?? fail(Errno.badDescriptor);
      setTimes(node, { accessedNs, modifiedNs, flags });
      return Errno.success;
    },
    path_filestat_set_times(
      fd: number,
      _lookup: number,
      path: number,
      length: number,
      accessedNs: bigint,
      modifiedNs: bigint,
      flags: number,
    ) {
      setTimes(nodeAtPath(fd, Right.pathSetTimes, { pointer: path, length }), { accessedNs, modifiedNs, flags });
      return Errno.success;
    },
    fd_advise(fd: number, _offset: bigint, _lengthBytes: bigint, advice: number) {
      fileAt(table, fd, Right.advise);
      return advice >>> 0 > ADVICE_MAXIMUM ? Errno.invalid : Errno.success;
    },
    fd_datasync(fd: number) {
      requireRights(descriptorAt(table, fd), Right.dataSync);
      return Errno.success;
    },
    fd_sync(fd: number) {
      requireRights(descriptorAt(table, fd), Right.sync);
      return Errno.success;
    },
  };
}

function setTimes(node: TreeNode, { accessedNs, modifiedNs, flags }: Times): void {
  const isContradictory = (one: number, other: number): boolean => (flags & one) !== 0 && (flags & other) !== 0;
  if ((flags & ~TIME_FLAGS) !== 0) fail(Errno.invalid);
  if (isContradictory(TimeFlag.accessed, TimeFlag.accessedNow)) fail(Errno.invalid);
  if (isContradictory(TimeFlag.modified, TimeFlag.modifiedNow)) fail(Errno.invalid);
  if ((flags & TimeFlag.accessed) !== 0) node.accessedNs = BigInt.asUintN(64, accessedNs);
  if ((flags & TimeFlag.accessedNow) !== 0) node.accessedNs = FIXED_TIME_NS;
  if ((flags & TimeFlag.modified) !== 0) node.modifiedNs = BigInt.asUintN(64, modifiedNs);
  if ((flags & TimeFlag.modifiedNow) !== 0) node.modifiedNs = FIXED_TIME_NS;
}

function writeNodeStat(memory: GuestMemory, pointer: number, node: TreeNode): void {
  memory.clear(pointer, FILE_STAT_BYTES);
  memory.setU64(pointer, TREE_DEVICE);
  memory.setU64(pointer + 8, BigInt(node.inode));
  memory.setU8(pointer + 16, node.kind === 'file' ? FileType.file : FileType.folder);
  memory.setU64(pointer + 24, BigInt(node.linkCount));
  memory.setU64(pointer + 32, BigInt(node.kind === 'file' ? node.content.sizeBytes : 0));
  memory.setU64(pointer + 40, node.accessedNs);
  memory.setU64(pointer + 48, node.modifiedNs);
  memory.setU64(pointer + 56, FIXED_TIME_NS);
}

function writeStreamStat(memory: GuestMemory, pointer: number): void {
  memory.clear(pointer, FILE_STAT_BYTES);
  memory.setU8(pointer + 16, FileType.unknown);
  memory.setU64(pointer + 24, 1n);
  for (const offset of [40, 48, 56]) memory.setU64(pointer + offset, FIXED_TIME_NS);
}

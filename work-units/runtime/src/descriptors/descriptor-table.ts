// The table of open descriptors: plain data, lowest free number first, bounded.
import { Errno } from '../abi/errno.js';
import {
  dropIfUnused,
  type FileNode,
  type FileTree,
  type FolderNode,
  folderOf,
  nodeOf,
  type TreeNode,
} from '../files/file-tree.js';
import type { ListingMark } from '../files/listing.js';
import { FailureSignal, fail } from '../state/signals.js';

type DescriptorBase = { flags: number; rights: bigint; inheriting: bigint };
/** Standard output or error. */
export type StreamDescriptor = DescriptorBase & { kind: 'stream'; stream: 'stdout' | 'stderr' };
export type FileDescriptor = DescriptorBase & { kind: 'file'; inode: number; offset: number };
export type FolderDescriptor = DescriptorBase & {
  kind: 'folder';
  inode: number;
  /** The name under which the folder was open from the start. */
  preopenName: string | null;
  listingMark: ListingMark | null;
};
export type Descriptor = StreamDescriptor | FileDescriptor | FolderDescriptor;

export type DescriptorTable = { slots: (Descriptor | null)[]; maximumCount: number };

export function createDescriptorTable(maximumCount: number): DescriptorTable {
  return { slots: [], maximumCount };
}

/** Puts a descriptor at the lowest free number. Ends the run when all numbers are taken. */
export function openDescriptor(table: DescriptorTable, tree: FileTree, descriptor: Descriptor): number {
  const free = lowestFree(table);
  table.slots[free] = descriptor;
  const node = heldNode(tree, descriptor);
  if (node !== null) node.openCount++;
  return free;
}

/** Checks that one more may be opened, before the call that opens it changes anything. */
export function lowestFree(table: DescriptorTable): number {
  const hole = table.slots.indexOf(null);
  const free = hole < 0 ? table.slots.length : hole;
  if (free >= table.maximumCount)
    throw new FailureSignal(
      'MH-UNIT-005',
      `the program has ${table.maximumCount} descriptors open, which is the limit; close files after use, or raise the limit of the app version`,
    );
  return free;
}

/** The descriptor of that number; EBADF when it is not open. */
export function descriptorAt(table: DescriptorTable, fd: number): Descriptor {
  return table.slots[fd >>> 0] ?? fail(Errno.badDescriptor);
}

export function closeDescriptor(table: DescriptorTable, tree: FileTree, fd: number): void {
  const descriptor = descriptorAt(table, fd);
  table.slots[fd >>> 0] = null;
  const node = heldNode(tree, descriptor);
  if (node === null) return;
  node.openCount--;
  dropIfUnused(tree, node);
}

/** Moves a descriptor onto another open number, closing what was there. */
export function renumberDescriptor(
  table: DescriptorTable,
  tree: FileTree,
  numbers: { from: number; to: number },
): void {
  const { from, to } = numbers;
  const descriptor = descriptorAt(table, from);
  descriptorAt(table, to);
  if (from >>> 0 === to >>> 0) return;
  closeDescriptor(table, tree, to);
  table.slots[to >>> 0] = descriptor;
  table.slots[from >>> 0] = null;
}

export function requireRights(descriptor: Descriptor, rights: bigint): void {
  if ((descriptor.rights & rights) !== rights) fail(Errno.notCapable);
}

/** An open file with the rights asked for. EISDIR for a folder, ESPIPE for a stream. */
export function fileAt(table: DescriptorTable, fd: number, rights: bigint): FileDescriptor {
  const descriptor = descriptorAt(table, fd);
  if (descriptor.kind === 'folder') return fail(Errno.isFolder);
  if (descriptor.kind === 'stream') return fail(Errno.notSeekable);
  requireRights(descriptor, rights);
  return descriptor;
}

/** An open folder with the rights asked for. ENOTDIR for anything else. */
export function folderAt(table: DescriptorTable, fd: number, rights: bigint): FolderDescriptor {
  const descriptor = descriptorAt(table, fd);
  if (descriptor.kind !== 'folder') return fail(Errno.notFolder);
  requireRights(descriptor, rights);
  return descriptor;
}

export function fileNodeOf(tree: FileTree, descriptor: FileDescriptor): FileNode {
  const node = nodeOf(tree, descriptor.inode);
  if (node.kind !== 'file') throw new Error(`inode ${descriptor.inode} is not a file`);
  return node;
}

export function folderNodeOf(tree: FileTree, descriptor: FolderDescriptor): FolderNode {
  return folderOf(tree, descriptor.inode);
}

function heldNode(tree: FileTree, descriptor: Descriptor): TreeNode | null {
  return descriptor.kind === 'stream' ? null : nodeOf(tree, descriptor.inode);
}

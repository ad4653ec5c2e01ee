// The in-memory files and folders of a unit: plain data, numbered in order of creation, bounded in total size.

import { FILE_NODE_COST_BYTES } from '../limits.js';
import { FIXED_TIME_NS } from '../state/clock.js';
import { FailureSignal } from '../state/signals.js';
import type { GrowingBytes } from './byte-sequence.js';
import { borrowedBytes, emptyBytes } from './growing-bytes.js';

type NodeBase = {
  /** Counts from 1 (the root folder) in order of creation; never used twice. */
  inode: number;
  /** 1 while it has a name, 0 after its removal. */
  linkCount: number;
  /** Descriptors that hold it open; a removed node lives until the last one closes. */
  openCount: number;
  accessedNs: bigint;
  modifiedNs: bigint;
};

export type FileNode = NodeBase & { kind: 'file'; content: GrowingBytes };
/** `parent` of the root is the root itself; `changeCount` grows with every entry that comes or goes. */
export type FolderNode = NodeBase & {
  kind: 'folder';
  parent: number;
  entries: Map<string, number>;
  changeCount: number;
};
export type TreeNode = FileNode | FolderNode;

export type FileTree = { nodes: Map<number, TreeNode>; nextInode: number; usedBytes: number; maximumBytes: number };

export const ROOT_INODE = 1;

export function createFileTree(maximumBytes: number): FileTree {
  const tree: FileTree = { nodes: new Map(), nextInode: ROOT_INODE, usedBytes: 0, maximumBytes };
  const root = addFolder(tree, ROOT_INODE);
  root.linkCount = 1;
  return tree;
}

export function nodeOf(tree: FileTree, inode: number): TreeNode {
  const node = tree.nodes.get(inode);
  if (node === undefined) throw new Error(`inode ${inode} is not in the tree`);
  return node;
}

export function folderOf(tree: FileTree, inode: number): FolderNode {
  const node = nodeOf(tree, inode);
  if (node.kind !== 'folder') throw new Error(`inode ${inode} is not a folder`);
  return node;
}

/** Counts bytes against the limit before anything changes. Ends the run when the limit would be crossed. */
export function charge(tree: FileTree, bytes: number): void {
  if (tree.usedBytes + bytes > tree.maximumBytes)
    throw new FailureSignal(
      'MH-UNIT-004',
      `the files of the unit would exceed their limit of ${tree.maximumBytes} bytes; write less, or raise the limit of the app version`,
    );
  tree.usedBytes += bytes;
}

/** A file without a name; `input` is borrowed, not copied. */
export function addFile(tree: FileTree, input?: Uint8Array): FileNode {
  charge(tree, FILE_NODE_COST_BYTES + (input?.length ?? 0));
  const content = input === undefined ? emptyBytes() : borrowedBytes(input);
  const node: FileNode = { kind: 'file', content, ...newNode(tree) };
  tree.nodes.set(node.inode, node);
  return node;
}

/** A folder without a name. */
export function addFolder(tree: FileTree, parent: number): FolderNode {
  charge(tree, FILE_NODE_COST_BYTES);
  const node: FolderNode = { kind: 'folder', parent, entries: new Map(), changeCount: 0, ...newNode(tree) };
  tree.nodes.set(node.inode, node);
  return node;
}

/** Gives a node its name. */
export function link(folder: FolderNode, name: string, node: TreeNode): void {
  folder.entries.set(name, node.inode);
  noteChange(folder);
  node.linkCount = 1;
  if (node.kind === 'folder') node.parent = folder.inode;
}

/** Takes a name away; the node goes when nothing holds it open. */
export function unlink(tree: FileTree, folder: FolderNode, name: string): void {
  const node = detach(tree, folder, name);
  if (node === null) return;
  node.linkCount = 0;
  dropIfUnused(tree, node);
}

/** Takes a name away from a node that gets another one. */
export function detach(tree: FileTree, folder: FolderNode, name: string): TreeNode | null {
  const inode = folder.entries.get(name);
  if (inode === undefined) return null;
  folder.entries.delete(name);
  noteChange(folder);
  return nodeOf(tree, inode);
}

/** Releases the node and its bytes when it has neither name nor descriptor. */
export function dropIfUnused(tree: FileTree, node: TreeNode): void {
  if (node.linkCount > 0 || node.openCount > 0) return;
  tree.nodes.delete(node.inode);
  tree.usedBytes -= FILE_NODE_COST_BYTES + (node.kind === 'file' ? node.content.sizeBytes : 0);
}

function noteChange(folder: FolderNode): void {
  folder.changeCount++;
  folder.modifiedNs = FIXED_TIME_NS;
}

function newNode(tree: FileTree): NodeBase {
  const inode = tree.nextInode++;
  return { inode, linkCount: 0, openCount: 0, accessedNs: FIXED_TIME_NS, modifiedNs: FIXED_TIME_NS };
}

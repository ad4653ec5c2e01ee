// The file tree from a snapshot: only trees that calls of a program could have made.

import type { GrowingBytes } from '../files/byte-sequence.js';
import { type FileNode, type FileTree, type FolderNode, ROOT_INODE, type TreeNode } from '../files/file-tree.js';
import { borrowedBytes } from '../files/growing-bytes.js';
import { compareNames, encodeName } from '../files/names.js';
import { FILE_NAME_MAXIMUM_BYTES, FILE_NODE_COST_BYTES } from '../limits.js';
import { WORD_BYTES, wordOf } from '../state/words.js';
import { copied, type TakeBytes } from './contents.js';
import { Reading } from './reading.js';

const reading = new Reading('MH-CKP-004');

/** Contents of standard input and input files by inode: what a snapshot refers to instead of carrying it. */
export type InputContents = ReadonlyMap<number, Uint8Array>;

/** The inputs of a tree that no program has touched yet. */
export function inputContents(tree: FileTree): InputContents {
  const files = [...tree.nodes.values()].filter((node): node is FileNode => node.kind === 'file');
  return new Map(files.map(({ inode, content }) => [inode, content.bytes]));
}

/** The inode of the input that a content still is, or null. */
export function inputOf({ bytes, isBorrowed }: GrowingBytes, inputs: InputContents): number | null {
  if (!isBorrowed) return null;
  for (const [inode, input] of inputs) if (input === bytes) return inode;
  return null;
}

type Sources = { inputs: InputContents; take: TakeBytes; maximumBytes: number };

/** Use counts of descriptors are still missing; `restoreDescriptors` adds them and looks for nodes that nothing holds. */
export function restoreTree(record: { nextInode: unknown; nodes: unknown }, sources: Sources): FileTree {
  const nextInode = reading.integer(record.nextInode, 'the next inode');
  const tree: FileTree = { nodes: new Map(), nextInode, usedBytes: 0, maximumBytes: sources.maximumBytes };
  let last = 0;
  for (const entry of reading.list(record.nodes, 'the nodes')) {
    const node = restoreNode(entry, sources);
    reading.check(node.inode > last && node.inode < nextInode, `inode ${node.inode} is out of order`);
    last = node.inode;
    tree.nodes.set(node.inode, node);
    tree.usedBytes += FILE_NODE_COST_BYTES + (node.kind === 'file' ? node.content.sizeBytes : 0);
    reading.check(tree.usedBytes <= tree.maximumBytes, 'the files are larger than their limit');
  }
  linkNodes(tree);
  return tree;
}

function restoreNode(value: unknown, sources: Sources): TreeNode {
  const [kind, number, accessed, modified, ...rest] = reading.list(value, 'a node');
  const base = {
    inode: reading.integer(number, 'an inode'),
    linkCount: 0,
    openCount: 0,
    accessedNs: wordOf(reading.bytes(accessed, 'a time', WORD_BYTES)),
    modifiedNs: wordOf(reading.bytes(modified, 'a time', WORD_BYTES)),
  };
  if (kind === 'file' && rest.length === 1) return { kind, ...base, content: restoreContent(rest[0], sources) };
  if (kind !== 'folder' || rest.length !== 2) throw reading.refusal('a node is neither file nor folder');
  const parent = reading.integer(rest[0], 'the parent of a folder');
  return { kind, ...base, parent, entries: restoreEntries(rest[1]), changeCount: 0 };
}

/** A size, when the bytes are in the snapshot; `['input', inode]` for an input that was not written to. */
function restoreContent(value: unknown, { inputs, take, maximumBytes }: Sources): GrowingBytes {
  if (typeof value === 'number') return copied(take(reading.integer(value, 'the size of a file', maximumBytes)));
  const [kind, inode] = reading.list(value, 'the content of a file', 2);
  const bytes = inputs.get(reading.integer(inode, 'the number of an input'));
  if (kind !== 'input' || bytes === undefined) throw reading.refusal('a file refers to an input that does not exist');
  return borrowedBytes(bytes);
}

function restoreEntries(value: unknown): Map<string, number> {
  const entries = new Map<string, number>();
  let last: string | null = null;
  for (const entry of reading.list(value, 'the entries of a folder')) {
    const [text, inode] = reading.list(entry, 'an entry', 2);
    const name = reading.text(text, 'a name');
    reading.check(isName(name), 'a name is not one that a file can have');
    reading.check(last === null || compareNames(last, name) < 0, 'the entries of a folder are out of order');
    last = name;
    entries.set(name, reading.integer(inode, 'an inode'));
  }
  return entries;
}

/** Whether a file or folder may be called so. */
export function isName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) return false;
  return encodeName(name).length <= FILE_NAME_MAXIMUM_BYTES;
}

/** Every named node hangs on the root by exactly one name: walks down from there, so that there can be no circle. */
function linkNodes({ nodes, nextInode }: FileTree): void {
  const root = nodes.get(ROOT_INODE);
  if (root?.kind !== 'folder' || root.parent !== ROOT_INODE) throw reading.refusal('there is no root folder');
  root.linkCount = 1;
  const waiting: FolderNode[] = [root];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop())
    for (const inode of folder.entries.values()) {
      const node = nodes.get(inode);
      if (node === undefined || node.linkCount > 0)
        throw reading.refusal(`inode ${inode} is not there, or named twice`);
      node.linkCount = 1;
      if (node.kind === 'file') continue;
      reading.check(node.parent === folder.inode, `the parent of inode ${inode} is another folder`);
      waiting.push(node);
    }
  for (const node of nodes.values()) {
    if (node.kind !== 'folder' || node.linkCount > 0) continue;
    reading.check(node.entries.size === 0, `the removed folder ${node.inode} is not empty`);
    reading.check(node.parent >= ROOT_INODE && node.parent < nextInode, `the parent of inode ${node.inode} never was`);
  }
}

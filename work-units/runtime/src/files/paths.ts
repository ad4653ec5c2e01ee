// From a path to its place in the tree. A path never leaves the folder that it is relative to.
import { Errno } from '../abi/errno.js';
import { fail } from '../state/signals.js';
import { type FileTree, type FolderNode, folderOf, nodeOf, type TreeNode } from './file-tree.js';
import { pathParts } from './names.js';

/** Where a path leads: the folder that holds (or would hold) the name, and the node when it exists. */
export type Place = {
  folder: FolderNode;
  /** Null when the path leads to a folder without naming it (`.`, `a/..`). */
  name: string | null;
  node: TreeNode | null;
  /** The path ends in a slash or dot, so that only a folder may be there. */
  mustBeFolder: boolean;
};

/**
 * Follows a path from a folder. ENOENT for an empty path or a missing folder on the way, ENOTDIR for a file on the way,
 * ENOTCAPABLE for an absolute path or one that climbs out of the folder.
 */
export function findPlace(tree: FileTree, base: FolderNode, path: string): Place {
  if (path === '') fail(Errno.notFound);
  if (path.startsWith('/')) fail(Errno.notCapable);
  const parts = pathParts(path);
  const mustBeFolder = /(^|\/)\.{0,2}$/.test(path);
  let folder = base;
  let depth = 0;
  let name: string | null = null;
  for (const part of parts) {
    if (name !== null) {
      folder = enter(tree, folder, name);
      depth++;
      name = null;
    }
    if (part !== '..') {
      name = part;
      continue;
    }
    if (depth === 0) fail(Errno.notCapable);
    folder = folderOf(tree, folder.parent);
    depth--;
  }
  return { folder, name, node: name === null ? folder : child(tree, folder, name), mustBeFolder };
}

/** The node at a path. ENOENT when nothing is there, ENOTDIR when a trailing slash names a file. */
export function findNode(tree: FileTree, base: FolderNode, path: string): TreeNode {
  const { node, mustBeFolder } = findPlace(tree, base, path);
  if (node === null) return fail(Errno.notFound);
  if (mustBeFolder && node.kind !== 'folder') fail(Errno.notFolder);
  return node;
}

function child(tree: FileTree, folder: FolderNode, name: string): TreeNode | null {
  const inode = folder.entries.get(name);
  return inode === undefined ? null : nodeOf(tree, inode);
}

function enter(tree: FileTree, folder: FolderNode, name: string): FolderNode {
  const node = child(tree, folder, name);
  if (node === null) return fail(Errno.notFound);
  if (node.kind !== 'folder') return fail(Errno.notFolder);
  return node;
}

// Creating, removing and renaming in the tree, with the error numbers that POSIX programs expect.
import { Errno } from '../abi/errno.js';
import { fail } from '../state/signals.js';
import {
  addFile,
  addFolder,
  detach,
  type FileNode,
  type FileTree,
  type FolderNode,
  folderOf,
  link,
  unlink,
} from './file-tree.js';
import { findPlace, type Place } from './paths.js';

/** A place that has a name, so that something can be put there or taken away. */
type NamedPlace = Place & { name: string };

/** Makes an empty file at a place where nothing is yet. */
export function createFile(tree: FileTree, place: Place): FileNode {
  const { folder, name, mustBeFolder } = named(place);
  if (mustBeFolder) fail(Errno.isFolder);
  mustStillExist(folder);
  const file = addFile(tree);
  link(folder, name, file);
  return file;
}

export function createFolder(tree: FileTree, place: Place): void {
  if (place.node !== null) fail(Errno.exists);
  const { folder, name } = named(place);
  mustStillExist(folder);
  link(folder, name, addFolder(tree, folder.inode));
}

export function removeFile(tree: FileTree, place: Place): void {
  if (place.node === null) fail(Errno.notFound);
  if (place.node?.kind === 'folder') fail(Errno.isFolder);
  if (place.mustBeFolder) fail(Errno.notFolder);
  const { folder, name } = named(place);
  unlink(tree, folder, name);
}

export function removeFolder(tree: FileTree, place: Place): void {
  const { node } = place;
  if (node === null) fail(Errno.notFound);
  if (node.kind !== 'folder') fail(Errno.notFolder);
  const { folder, name } = named(place);
  if (node.entries.size > 0) fail(Errno.notEmpty);
  unlink(tree, folder, name);
}

/** Moves a node to a new name, replacing a file by a file or an empty folder by a folder. */
export function rename(tree: FileTree, from: Place, to: Place): void {
  const { node } = from;
  if (node === null) fail(Errno.notFound);
  const source = named(from);
  const target = named(to);
  if (node.kind === 'file' && (from.mustBeFolder || to.mustBeFolder)) fail(Errno.notFolder);
  if (to.node === node) return;
  mustStillExist(target.folder);
  if (node.kind === 'folder' && isInside(tree, target.folder, node)) fail(Errno.invalid);
  mustBeReplaceable(from, to);
  unlink(tree, target.folder, target.name);
  detach(tree, source.folder, source.name);
  link(target.folder, target.name, node);
}

/** Makes the folders on the way to an input file. */
export function createParents(tree: FileTree, root: FolderNode, path: string): void {
  const parts = path.split('/').slice(0, -1);
  for (let length = 1; length <= parts.length; length++) {
    const place = findPlace(tree, root, parts.slice(0, length).join('/'));
    if (place.node === null) createFolder(tree, place);
  }
}

function mustBeReplaceable(from: Place, to: Place): void {
  if (to.node === null) return;
  if (to.node.kind === 'file' && from.node?.kind === 'folder') fail(Errno.notFolder);
  if (to.node.kind === 'folder' && from.node?.kind === 'file') fail(Errno.isFolder);
  if (to.node.kind === 'folder' && to.node.entries.size > 0) fail(Errno.notEmpty);
}

function named(place: Place): NamedPlace {
  const { name } = place;
  if (name === null) return fail(Errno.invalid);
  return { ...place, name };
}

/** A folder can be open and yet removed; nothing can be made in it any more. */
function mustStillExist(folder: FolderNode): void {
  if (folder.linkCount === 0) fail(Errno.notFound);
}

function isInside(tree: FileTree, folder: FolderNode, ancestor: FolderNode): boolean {
  for (let current = folder; ; current = folderOf(tree, current.parent)) {
    if (current === ancestor) return true;
    if (current.parent === current.inode) return false;
  }
}

// Calls that name files and folders: open, create, remove, rename. There are no links of any kind.
import { DESCRIPTOR_FLAGS, OPEN_FLAGS, OpenFlag } from '../abi/constants.js';
import { Errno } from '../abi/errno.js';
import { FILE_RIGHTS, FOLDER_RIGHTS, Right } from '../abi/rights.js';
import { folderAt, folderNodeOf, lowestFree, openDescriptor } from '../descriptors/descriptor-table.js';
import { createFile, createFolder, removeFile, removeFolder, rename } from '../files/changes.js';
import { setFileSize } from '../files/file-content.js';
import { type FolderNode, folderOf, type TreeNode } from '../files/file-tree.js';
import { findNode, findPlace, type Place } from '../files/paths.js';
import type { HostContext, ImportGroup } from '../host/host-context.js';
import { HOST_FUEL } from '../host/meter.js';
import { fail } from '../state/signals.js';
import { type PathArgument, readPath } from './path-argument.js';

type OpenRequest = { flags: number; rights: bigint };

export function pathImports(context: HostContext): ImportGroup {
  const { state, memory, meter } = context;
  const { descriptors: table, tree } = state;

  function place(fd: number, right: bigint, path: PathArgument): Place {
    const folder = folderNodeOf(tree, folderAt(table, fd, right));
    return findPlace(tree, folder, readPath(context, path));
  }

  /** Whether a folder is moved into itself is looked for in all folders above its target. */
  function chargeAncestors(folder: FolderNode): void {
    for (let current = folder; current.parent !== current.inode; current = folderOf(tree, current.parent))
      meter.charge(HOST_FUEL.ancestor);
  }

  /** The node to open, made or emptied as the flags say; nothing has changed when it fails. */
  function nodeToOpen(target: Place, { flags, rights }: OpenRequest): TreeNode {
    const { node, mustBeFolder } = target;
    const has = (flag: number): boolean => (flags & flag) !== 0;
    if (has(OpenFlag.create) && has(OpenFlag.folder)) fail(Errno.invalid);
    if (node === null) return has(OpenFlag.create) ? createFile(tree, target) : fail(Errno.notFound);
    if (has(OpenFlag.create) && has(OpenFlag.exclusive)) fail(Errno.exists);
    if (node.kind === 'folder') {
      const isForWriting = has(OpenFlag.create) || has(OpenFlag.truncate) || (rights & Right.write) !== 0n;
      return isForWriting && !has(OpenFlag.folder) ? fail(Errno.isFolder) : node;
    }
    if (has(OpenFlag.folder) || mustBeFolder) fail(Errno.notFolder);
    if (has(OpenFlag.truncate)) {
      meter.chargeRead(node.content.sizeBytes);
      setFileSize(tree, node, 0);
    }
    return node;
  }

  return {
    path_open(
      fd: number,
      _lookup: number,
      path: number,
      length: number,
      openFlags: number,
      rights: bigint,
      inheriting: bigint,
      flags: number,
      pointer: number,
    ) {
      if ((openFlags & ~OPEN_FLAGS) !== 0 || (flags & ~DESCRIPTOR_FLAGS) !== 0) fail(Errno.invalid);
      const base = folderAt(table, fd, neededToOpen(openFlags));
      const target = place(fd, Right.open, { pointer: path, length });
      memory.at(pointer, 4);
      lowestFree(table);
      const granted = BigInt.asUintN(64, rights) & base.inheriting;
      const node = nodeToOpen(target, { flags: openFlags, rights: granted });
      const shared = { inode: node.inode, flags, inheriting: BigInt.asUintN(64, inheriting) & base.inheriting };
      const opened = openDescriptor(
        table,
        tree,
        node.kind === 'file'
          ? { kind: 'file', offset: 0, rights: granted & FILE_RIGHTS, ...shared }
          : { kind: 'folder', preopenName: null, listingMark: null, rights: granted & FOLDER_RIGHTS, ...shared },
      );
      memory.setU32(pointer, opened);
      return Errno.success;
    },
    path_create_directory(fd: number, path: number, length: number) {
      createFolder(tree, place(fd, Right.createFolder, { pointer: path, length }));
      return Errno.success;
    },
    path_remove_directory(fd: number, path: number, length: number) {
      removeFolder(tree, place(fd, Right.removeFolder, { pointer: path, length }));
      return Errno.success;
    },
    path_unlink_file(fd: number, path: number, length: number) {
      removeFile(tree, place(fd, Right.unlink, { pointer: path, length }));
      return Errno.success;
    },
    path_rename(fd: number, path: number, length: number, newFd: number, newPath: number, newLength: number) {
      const from = place(fd, Right.renameFrom, { pointer: path, length });
      const to = place(newFd, Right.renameTo, { pointer: newPath, length: newLength });
      if (from.node?.kind === 'folder') chargeAncestors(to.folder);
      rename(tree, from, to);
      return Errno.success;
    },
    path_readlink(fd: number, path: number, length: number) {
      const folder = folderNodeOf(tree, folderAt(table, fd, Right.readLink));
      findNode(tree, folder, readPath(context, { pointer: path, length }));
      return Errno.invalid;
    },
    path_symlink: () => Errno.notSupported,
    path_link: () => Errno.notSupported,
  };
}

function neededToOpen(openFlags: number): bigint {
  const creates = (openFlags & OpenFlag.create) !== 0 ? Right.createFile : 0n;
  const truncates = (openFlags & OpenFlag.truncate) !== 0 ? Right.pathSetSize : 0n;
  return Right.open | creates | truncates;
}

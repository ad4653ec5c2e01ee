// The order of a folder's entries and where a listing continues after the folder has changed.
import { type FileTree, type FolderNode, nodeOf } from './file-tree.js';
import { compareNames, sortNames } from './names.js';

/** Where a listing stopped: the cookie handed out and the last name seen. A name stays meaningful when entries come and go. */
export type ListingMark = { cookie: bigint; name: string };

export type ListingEntry = { name: string; inode: number; isFolder: boolean };

/** `.` and `..` come first in every listing, as from POSIX. */
const DOT_ENTRIES = 2;

/** The entries from a cookie on: 0 is the start, others were handed out as `cookie + 1` of the entry before. */
export function* entriesFrom(
  tree: FileTree,
  folder: FolderNode,
  start: { cookie: bigint; mark: ListingMark | null },
): Generator<ListingEntry> {
  const names = sortedNames(folder);
  const { cookie, mark } = start;
  if (cookie < 1n) yield { name: '.', inode: folder.inode, isFolder: true };
  if (cookie < 2n) yield { name: '..', inode: folder.parent, isFolder: true };
  for (let index = firstIndex(names, cookie, mark); index < names.length; index++) {
    const name = names[index] as string;
    const inode = folder.entries.get(name) as number;
    yield { name, inode, isFolder: nodeOf(tree, inode).kind === 'folder' };
  }
}

function firstIndex(names: readonly string[], cookie: bigint, mark: ListingMark | null): number {
  if (cookie <= BigInt(DOT_ENTRIES)) return 0;
  if (mark === null || mark.cookie !== cookie)
    return cookie > BigInt(names.length + DOT_ENTRIES) ? names.length : Number(cookie) - DOT_ENTRIES;
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareNames(names[middle] as string, mark.name) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Sorted once for each change of a folder: a listing comes in many small calls. Only speed, hence not part of the state. */
const sortedByFolder = new WeakMap<FolderNode, { changeCount: number; names: readonly string[] }>();

/** The names of a folder in the order of listings. */
export function sortedNames(folder: FolderNode): readonly string[] {
  const known = sortedByFolder.get(folder);
  if (known?.changeCount === folder.changeCount) return known.names;
  const names = sortNames([...folder.entries.keys()]);
  sortedByFolder.set(folder, { changeCount: folder.changeCount, names });
  return names;
}

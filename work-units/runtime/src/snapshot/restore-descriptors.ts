// Open descriptors from a snapshot: none can do more than the unit's own calls could have opened.
import { DESCRIPTOR_FLAGS } from '../abi/constants.js';
import { FILE_RIGHTS, FOLDER_RIGHTS, STREAM_RIGHTS } from '../abi/rights.js';
import type { Descriptor } from '../descriptors/descriptor-table.js';
import { ROOT_INODE, type TreeNode } from '../files/file-tree.js';
import type { ListingMark } from '../files/listing.js';
import { type HostState, ROOT_NAME } from '../host/host-state.js';
import { WORD_BYTES, wordOf } from '../state/words.js';
import { Reading } from './reading.js';
import { isName } from './restore-tree.js';

const reading = new Reading('MH-CKP-004');

/** Fills the table, counts who holds which node open, and refuses nodes that nothing holds. */
export function restoreDescriptors({ tree, descriptors: table }: HostState, value: unknown): void {
  const slots = reading.list(value, 'the descriptors');
  reading.check(slots.length <= table.maximumCount, 'there are more descriptors than the limit');
  for (const slot of slots) {
    const descriptor = slot === null ? null : restoreDescriptor(slot);
    table.slots.push(descriptor);
    if (descriptor === null || descriptor.kind === 'stream') continue;
    const node = tree.nodes.get(descriptor.inode);
    if (node?.kind !== descriptor.kind) throw reading.refusal('a descriptor is open on nothing of its kind');
    node.openCount++;
  }
  reading.check(table.slots.at(-1) !== null, 'the last descriptor is not open');
  for (const node of tree.nodes.values()) reading.check(isHeld(node), `nothing holds inode ${node.inode}`);
}

const isHeld = ({ linkCount, openCount }: TreeNode): boolean => linkCount + openCount > 0;

function restoreDescriptor(value: unknown): Descriptor {
  const [kind, flagBits, rightBits, inheritingBits, ...rest] = reading.list(value, 'a descriptor');
  const flags = reading.integer(flagBits, 'the flags of a descriptor', DESCRIPTOR_FLAGS);
  const rights = wordOf(reading.bytes(rightBits, 'the rights of a descriptor', WORD_BYTES));
  const inheriting = wordOf(reading.bytes(inheritingBits, 'the rights of a descriptor', WORD_BYTES));
  const within = (all: bigint): void => reading.check((rights & ~all) === 0n, 'a descriptor has impossible rights');
  reading.check((inheriting & ~(FOLDER_RIGHTS | FILE_RIGHTS)) === 0n, 'a descriptor passes on impossible rights');
  const shared = { flags, rights, inheriting };
  if (kind === 'stream' && rest.length === 1) {
    within(STREAM_RIGHTS);
    const [stream] = rest;
    if (stream === 'stdout' || stream === 'stderr') return { kind, stream, ...shared };
  }
  if (kind === 'file' && rest.length === 2) {
    within(FILE_RIGHTS);
    return { kind, inode: inodeOf(rest[0]), offset: reading.integer(rest[1], 'an offset'), ...shared };
  }
  if (kind === 'folder' && rest.length === 3) {
    within(FOLDER_RIGHTS);
    const [number, name, mark] = rest;
    const inode = inodeOf(number);
    return { kind, inode, preopenName: preopenNameOf(name, inode), listingMark: markOf(mark), ...shared };
  }
  throw reading.refusal('a descriptor is of no kind');
}

const inodeOf = (value: unknown): number => reading.integer(value, 'the inode of a descriptor');

function preopenNameOf(value: unknown, inode: number): string | null {
  if (value === null) return null;
  reading.check(value === ROOT_NAME && inode === ROOT_INODE, 'a folder is open from the start that never was');
  return ROOT_NAME;
}

function markOf(value: unknown): ListingMark | null {
  if (value === null) return null;
  const [cookie, text] = reading.list(value, 'the place of a listing', 2);
  const name = reading.text(text, 'the place of a listing');
  reading.check(name === '.' || name === '..' || isName(name), 'the place of a listing is no name');
  return { cookie: wordOf(reading.bytes(cookie, 'the place of a listing', WORD_BYTES)), name };
}

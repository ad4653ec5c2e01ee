// The state of the host as one DAG-CBOR value with one form: for state hashes and for snapshots, which differ in how contents are told.

import type { Descriptor } from '../descriptors/descriptor-table.js';
import type { GrowingBytes } from '../files/byte-sequence.js';
import type { TreeNode } from '../files/file-tree.js';
import { sortedNames } from '../files/listing.js';
import type { HostState } from '../host/host-state.js';
import { wordBytes } from '../state/words.js';

/** How a content stands in the record. */
export type DescribeContent = (content: GrowingBytes) => unknown;

/**
 * `[random bytes served, standard output, next inode, nodes by inode, descriptors]`. What follows from the input of the unit (arguments, environment, seed,
 * clock, limits) and what follows from the rest (use counts, bytes in use) is left out.
 */
export function hostRecord({ random, stdout, tree, descriptors }: HostState, describe: DescribeContent): unknown[] {
  return [
    random.servedBytes,
    describe(stdout),
    tree.nextInode,
    [...tree.nodes.values()].map((node) => nodeRecord(node, describe)),
    withoutFreeEnd(descriptors.slots).map(descriptorRecord),
  ];
}

function nodeRecord(node: TreeNode, describe: DescribeContent): unknown[] {
  const times = [wordBytes(node.accessedNs), wordBytes(node.modifiedNs)];
  if (node.kind === 'file') return ['file', node.inode, ...times, describe(node.content)];
  const entries = sortedNames(node).map((name) => [name, node.entries.get(name)]);
  return ['folder', node.inode, ...times, node.parent, entries];
}

function descriptorRecord(descriptor: Descriptor | null): unknown {
  if (descriptor === null) return null;
  const { kind, flags, rights, inheriting } = descriptor;
  const shared = [kind, flags, wordBytes(rights), wordBytes(inheriting)];
  if (kind === 'stream') return [...shared, descriptor.stream];
  if (kind === 'file') return [...shared, descriptor.inode, descriptor.offset];
  const { inode, preopenName, listingMark } = descriptor;
  return [...shared, inode, preopenName, listingMark && [wordBytes(listingMark.cookie), listingMark.name]];
}

/** Numbers free at the end of the table were in use once, which makes no difference any more. */
function withoutFreeEnd(slots: readonly (Descriptor | null)[]): readonly (Descriptor | null)[] {
  return slots.slice(0, slots.findLastIndex((slot) => slot !== null) + 1);
}

// Everything that a unit's host knows, as plain data that can be cloned, stored and compared. The rest of the host is functions.
import { CLOCK_MAXIMUM_MS } from '@manyhands/contract';
import { FILE_RIGHTS, FOLDER_RIGHTS, INPUT_RIGHTS, STREAM_RIGHTS } from '../abi/rights.js';
import {
  createDescriptorTable,
  type Descriptor,
  type DescriptorTable,
  openDescriptor,
} from '../descriptors/descriptor-table.js';
import type { GrowingBytes } from '../files/byte-sequence.js';
import { createParents } from '../files/changes.js';
import { addFile, createFileTree, type FileTree, folderOf, link, ROOT_INODE } from '../files/file-tree.js';
import { emptyBytes } from '../files/growing-bytes.js';
import { compareNames, decodePath, encodeName } from '../files/names.js';
import { findPlace } from '../files/paths.js';
import { ARGUMENTS_MAXIMUM_BYTES } from '../limits.js';
import { FIXED_TIME_NS } from '../state/clock.js';
import { ErrnoSignal, FailureSignal } from '../state/signals.js';
import type { UnitFile, UnitInput } from '../unit.js';
import { createRandomState, type RandomState } from './random.js';

/** The name under which the root folder is open from the start. */
export const ROOT_NAME = '/';
const NS_PER_MS = 1_000_000n;
/** Raised with every change of this shape, so that a stored state is never misread. */
const HOST_STATE_VERSION = 2;

export type HostState = {
  version: typeof HOST_STATE_VERSION;
  /** Arguments as the guest sees them: UTF-8 with a terminating zero. */
  args: Uint8Array[];
  /** `NAME=value` with a terminating zero, sorted by bytes. */
  environment: Uint8Array[];
  tree: FileTree;
  descriptors: DescriptorTable;
  stdout: GrowingBytes;
  outputMaximumBytes: number;
  stderrTail: GrowingBytes;
  stderrTailBytes: number;
  random: RandomState;
  /** What the realtime and monotonic clocks say. */
  clockNs: bigint;
};

/** The state before the first instruction. Throws FailureSignal when the input cannot be used: the same on every host. */
export function createHostState(input: UnitInput): HostState {
  const { limits } = input;
  const tree = createFileTree(limits.fileTreeMaximumBytes);
  const state: HostState = {
    version: HOST_STATE_VERSION,
    args: input.args.map(terminated),
    environment: environmentOf(input.env ?? {}),
    tree,
    descriptors: createDescriptorTable(limits.openFilesMaximum),
    stdout: emptyBytes(),
    outputMaximumBytes: limits.outputMaximumBytes,
    stderrTail: emptyBytes(),
    stderrTailBytes: limits.stderrTailBytes,
    random: createRandomState(input.seed),
    clockNs: clockNsOf(input.clockMs ?? null),
  };
  if (totalBytes([...state.args, ...state.environment]) > ARGUMENTS_MAXIMUM_BYTES)
    throw unusable(`arguments and environment together are longer than ${ARGUMENTS_MAXIMUM_BYTES} bytes`);
  openStandardDescriptors(state, input.stdin);
  for (const file of input.files) addInputFile(tree, file);
  return state;
}

/** Throws RangeError for a time that no clock of WASI can show: that is a fault of the caller, not of the guest. */
function clockNsOf(clockMs: number | null): bigint {
  if (clockMs === null) return FIXED_TIME_NS;
  if (!Number.isInteger(clockMs) || clockMs < 0 || clockMs > CLOCK_MAXIMUM_MS)
    throw new RangeError(`a declared time is a whole number of ms up to ${CLOCK_MAXIMUM_MS}`);
  return BigInt(clockMs) * NS_PER_MS;
}

export function totalBytes(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** Standard input is a file without a name, so that programs may seek in it as after `program < file`. */
function openStandardDescriptors(state: HostState, stdin: Uint8Array): void {
  const { tree, descriptors } = state;
  const stream = { kind: 'stream', flags: 0, rights: STREAM_RIGHTS, inheriting: 0n } as const;
  const standard: Descriptor[] = [
    { kind: 'file', inode: addFile(tree, stdin).inode, offset: 0, flags: 0, rights: INPUT_RIGHTS, inheriting: 0n },
    { ...stream, stream: 'stdout' },
    { ...stream, stream: 'stderr' },
    {
      kind: 'folder',
      inode: ROOT_INODE,
      flags: 0,
      rights: FOLDER_RIGHTS,
      inheriting: FOLDER_RIGHTS | FILE_RIGHTS,
      preopenName: ROOT_NAME,
      listingMark: null,
    },
  ];
  for (const descriptor of standard) openDescriptor(descriptors, tree, descriptor);
}

function addInputFile(tree: FileTree, file: UnitFile): void {
  const root = folderOf(tree, ROOT_INODE);
  try {
    const path = decodePath(encodeName(file.name));
    createParents(tree, root, path);
    const { folder, name, node, mustBeFolder } = findPlace(tree, root, path);
    if (name === null || node !== null || mustBeFolder) throw unusable(`there cannot be an input file "${file.name}"`);
    link(folder, name, addFile(tree, file.bytes));
  } catch (error) {
    if (error instanceof ErrnoSignal) throw unusable(`"${file.name}" cannot be the name of an input file`);
    throw error;
  }
}

function environmentOf(env: Readonly<Record<string, string>>): Uint8Array[] {
  const names = Object.keys(env).sort(compareNames);
  if (names.some((name) => name === '' || name.includes('=')))
    throw unusable('the name of an environment variable is empty or holds "="');
  return names.map((name) => terminated(`${name}=${env[name]}`));
}

function terminated(text: string): Uint8Array {
  if (text.includes('\0')) throw unusable('an argument or environment variable holds a zero character');
  return encodeName(`${text}\0`);
}

function unusable(why: string): FailureSignal {
  return new FailureSignal('MH-UNIT-006', `${why}; change the inputs of the unit`);
}

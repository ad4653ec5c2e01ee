// The result of a program that succeeded: standard output and the files that the unit asked for.
import { type FileTree, folderOf, ROOT_INODE } from './files/file-tree.js';
import { contents } from './files/growing-bytes.js';
import { findNode } from './files/paths.js';
import type { HostState } from './host/host-state.js';
import { outputTooLarge } from './host/output.js';
import { ErrnoSignal } from './state/signals.js';
import type { UnitSuccess } from './unit.js';

/** Copies the output out of the state. Throws FailureSignal when it is larger than the limit altogether. */
export function collectSuccess(state: HostState, collect: readonly string[]): Pick<UnitSuccess, 'stdout' | 'files'> {
  const found = [...new Set(collect)].map((name) => ({ name, bytes: fileAtPath(state.tree, name) }));
  const totalBytes = found.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), state.stdout.sizeBytes);
  if (totalBytes > state.outputMaximumBytes) throw outputTooLarge(state.outputMaximumBytes);
  const files = found.map(({ name, bytes }) => ({ name, bytes: bytes?.slice() ?? null }));
  return { stdout: contents(state.stdout).slice(), files };
}

function fileAtPath(tree: FileTree, path: string): Uint8Array | null {
  try {
    const node = findNode(tree, folderOf(tree, ROOT_INODE), path);
    return node.kind === 'file' ? contents(node.content) : null;
  } catch (error) {
    if (error instanceof ErrnoSignal) return null;
    throw error;
  }
}

// Changes of a file's contents that count against the limit of the file tree.
import { FIXED_TIME_NS } from '../state/clock.js';
import { charge, type FileNode, type FileTree } from './file-tree.js';
import { resize, writeAt } from './growing-bytes.js';

/** Makes the file exactly so long; ends the run, with nothing done, when the tree would exceed its limit. */
export function setFileSize(tree: FileTree, file: FileNode, sizeBytes: number): void {
  charge(tree, sizeBytes - file.content.sizeBytes);
  resize(file.content, sizeBytes);
  file.modifiedNs = FIXED_TIME_NS;
}

/** What one write puts where. */
export type FileWrite = { offset: number; windows: readonly Uint8Array[]; lengthBytes: number };

/** Writes, growing the file as needed; ends the run, with nothing written, when the tree would exceed its limit. */
export function writeFile(tree: FileTree, file: FileNode, write: FileWrite): void {
  if (write.lengthBytes === 0) return;
  charge(tree, Math.max(0, write.offset + write.lengthBytes - file.content.sizeBytes));
  writeAt(file.content, write.offset, write.windows);
  file.modifiedNs = FIXED_TIME_NS;
}

// The coordinator's blocks: plain files without a quota, written by one process and read by another.
import type { Cid } from '@manyhands/contract';
import { assertBlock, BlockFiles } from './block-files.js';
import type { BlockDirectory } from './block-store.js';

/**
 * Opens (and makes, if need be) a directory of blocks. The size of all blocks is counted when it is asked for first.
 * `get` does not hash again: a block was checked before it got its name, and whoever receives it checks it once more.
 */
export function openBlockDirectory(options: { directory: string }): BlockDirectory {
  const files = new BlockFiles(options.directory);
  let usedBytes: number | undefined;
  const countUsed = (): number => {
    usedBytes ??= [...files.list()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return usedBytes;
  };
  const add = (bytes: number): void => {
    if (usedBytes !== undefined) usedBytes += bytes;
  };
  const writing = new Map<Cid, Promise<void>>();
  const write = async (cid: Cid, bytes: Uint8Array): Promise<void> => {
    await files.write(cid, bytes);
    add(bytes.length);
  };
  return {
    has: (cid) => files.sizeOf(cid) !== undefined,
    sizeOf: (cid) => files.sizeOf(cid),
    get: (cid) => files.read(cid),
    async put(cid: Cid, bytes: Uint8Array) {
      assertBlock(cid, bytes);
      if (files.sizeOf(cid) !== undefined) return;
      const underWay = writing.get(cid) ?? write(cid, bytes).finally(() => writing.delete(cid));
      writing.set(cid, underWay);
      await underWay;
    },
    async delete(cid) {
      const sizeBytes = files.sizeOf(cid);
      if (sizeBytes === undefined) return;
      await files.remove(cid);
      add(-sizeBytes);
    },
    usedBytes: countUsed,
  };
}

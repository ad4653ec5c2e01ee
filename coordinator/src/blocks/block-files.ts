// Where the block directory of the overlay keeps a block: for processes that only read files and need not load an overlay node.
import { join } from 'node:path';
import type { Cid } from '@manyhands/contract';

export function blockFileOf(blocksDirectory: string, cid: Cid): string {
  return join(blocksDirectory, cid.slice(-2), cid);
}

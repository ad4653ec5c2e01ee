// The blocks asked for lately, in memory: a swarm asks for the same ones within seconds, and reading files again would occupy processor time for nothing.
import type { Cid } from '@manyhands/contract';
import type { BlockDirectory } from '../store/block-store.js';

/** Reads through a cache of so many bytes; what was asked for longest ago leaves first. A deleted block is not served from it. */
export function cacheBlocks(
  blocks: Pick<BlockDirectory, 'get' | 'sizeOf'>,
  { maximumBytes }: { maximumBytes: number },
): Pick<BlockDirectory, 'get' | 'sizeOf'> {
  const cached = new Map<Cid, Promise<Uint8Array | undefined>>();
  const sizes = new Map<Cid, number>();
  let usedBytes = 0;
  const forget = (cid: Cid): void => {
    cached.delete(cid);
    usedBytes -= sizes.get(cid) ?? 0;
    sizes.delete(cid);
  };
  const read = (cid: Cid, sizeBytes: number): Promise<Uint8Array | undefined> => {
    const bytes = blocks.get(cid);
    cached.set(cid, bytes);
    sizes.set(cid, sizeBytes);
    usedBytes += sizeBytes;
    bytes.catch(() => forget(cid));
    for (const [oldest] of cached) {
      if (usedBytes <= maximumBytes) break;
      forget(oldest);
    }
    return bytes;
  };
  return {
    sizeOf: (cid) => blocks.sizeOf(cid),
    async get(cid) {
      const sizeBytes = blocks.sizeOf(cid);
      const known = cached.get(cid);
      if (sizeBytes === undefined) {
        forget(cid);
        return undefined;
      }
      if (known === undefined) return read(cid, sizeBytes);
      cached.delete(cid); // so that the map stays in order of last use
      cached.set(cid, known);
      return known;
    },
  };
}

// The seed's cache: reads a file once, stays within its bound, and never serves what was deleted.
import type { Cid } from '@manyhands/contract';
import { describe, expect, it } from 'vitest';
import { cacheBlocks } from '../../src/seed/block-cache.js';
import { someBlock } from '../support/blocks.js';

function countingDirectory(count: number) {
  const blocks = new Map(
    Array.from({ length: count }, (_, seed) => someBlock(seed)).map(({ cid, bytes }) => [cid, bytes]),
  );
  const reads: Cid[] = [];
  const get = async (cid: Cid) => {
    reads.push(cid);
    return blocks.get(cid);
  };
  return { blocks, reads, directory: { get, sizeOf: (cid: Cid) => blocks.get(cid)?.length } };
}

describe('the cache of blocks', () => {
  it('reads a block once for all who ask', async () => {
    const { blocks, reads, directory } = countingDirectory(1);
    const cache = cacheBlocks(directory, { maximumBytes: 10_000 });
    const [[cid, bytes]] = [...blocks] as [[Cid, Uint8Array]];
    expect(await Promise.all([cache.get(cid), cache.get(cid)])).toEqual([bytes, bytes]);
    expect(reads).toEqual([cid]);
  });

  it('lets the block go that was asked for longest ago', async () => {
    const { blocks, reads, directory } = countingDirectory(4);
    const cache = cacheBlocks(directory, { maximumBytes: 3000 });
    const [first, second, third, fourth] = [...blocks.keys()] as [Cid, Cid, Cid, Cid];
    for (const cid of [first, second, third, first, fourth]) await cache.get(cid);
    expect(reads).toEqual([first, second, third, fourth]);
    await cache.get(first);
    await cache.get(second);
    expect(reads).toEqual([first, second, third, fourth, second]);
  });

  it('serves nothing that was deleted, and reads again what came back', async () => {
    const { blocks, reads, directory } = countingDirectory(1);
    const cache = cacheBlocks(directory, { maximumBytes: 10_000 });
    const [[cid, bytes]] = [...blocks] as [[Cid, Uint8Array]];
    await cache.get(cid);
    blocks.delete(cid);
    expect(await cache.get(cid)).toBeUndefined();
    blocks.set(cid, bytes);
    expect(await cache.get(cid)).toEqual(bytes);
    expect(reads).toHaveLength(2);
  });
});

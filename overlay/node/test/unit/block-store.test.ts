// The stores of blocks: verified, whole after a crash, within their quota.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dagCborCidOf } from '@manyhands/contract';
import { temporaryFolder } from '@manyhands/testing';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type BlockStore, openBlockDirectory, openBlockStore } from '../../src/index.js';
import { someBlock } from '../support/blocks.js';

async function openStore(directory: string, quotaBytes = 1_000_000): Promise<BlockStore> {
  const store = await openBlockStore({ directory, quotaBytes });
  onTestFinished(() => store.close());
  return store;
}

const fileOf = (directory: string, cid: string) => join(directory, cid.slice(-2), cid);

describe.each([
  ['a block store', (directory: string) => openStore(directory)],
  ['a block directory', async (directory: string) => openBlockDirectory({ directory })],
])('%s', (_, open) => {
  it('gives back what was put, and counts it once', async () => {
    const store = await open(await temporaryFolder());
    const { cid, bytes } = someBlock(1);
    await Promise.all([store.put(cid, bytes), store.put(cid, bytes)]);
    await store.put(cid, bytes);
    expect(store.has(cid)).toBe(true);
    expect(store.sizeOf(cid)).toBe(bytes.length);
    expect(await store.get(cid)).toEqual(bytes);
    expect(store.usedBytes()).toBe(bytes.length);
  });

  it('takes DAG-CBOR blocks by their own identifiers', async () => {
    const store = await open(await temporaryFolder());
    const { bytes } = someBlock(2);
    await store.put(dagCborCidOf(bytes), bytes);
    expect(await store.get(dagCborCidOf(bytes))).toEqual(bytes);
  });

  it('refuses bytes that do not match, and blocks over 1 MiB', async () => {
    const store = await open(await temporaryFolder());
    await expect(store.put(someBlock(1).cid, someBlock(2).bytes)).rejects.toMatchObject({ code: 'MH-BLK-001' });
    const large = someBlock(3, 1024 * 1024 + 1);
    await expect(store.put(large.cid, large.bytes)).rejects.toMatchObject({ code: 'MH-BLK-002' });
    expect(store.usedBytes()).toBe(0);
  });

  it('forgets a deleted block', async () => {
    const store = await open(await temporaryFolder());
    const { cid, bytes } = someBlock(1);
    await store.put(cid, bytes);
    await store.delete(cid);
    expect([store.has(cid), await store.get(cid), store.usedBytes()]).toEqual([false, undefined, 0]);
  });

  it('keeps identifiers from becoming other paths', async () => {
    const store = await open(await temporaryFolder());
    const evil = '../../etc/passwd' as Parameters<typeof store.delete>[0];
    await expect(store.delete(evil)).rejects.toMatchObject({ code: 'MH-BLK-004' });
  });
});

describe('a block store', () => {
  it('remembers its blocks after it was opened again', async () => {
    const directory = await temporaryFolder();
    const { cid, bytes } = someBlock(1);
    const store = await openBlockStore({ directory, quotaBytes: 10_000 });
    await store.put(cid, bytes);
    store.close();
    expect(await (await openStore(directory)).get(cid)).toEqual(bytes);
  });

  it('rebuilds its index from the files, and drops what a crash left half-written', async () => {
    const directory = await temporaryFolder();
    const first = someBlock(1);
    const second = someBlock(2);
    const store = await openBlockStore({ directory, quotaBytes: 10_000 });
    await store.put(first.cid, first.bytes);
    store.close();
    await mkdir(join(directory, 'incoming'), { recursive: true });
    await writeFile(join(directory, 'incoming', `${second.cid}.123`), second.bytes.subarray(0, 10));
    await mkdir(join(fileOf(directory, second.cid), '..'), { recursive: true });
    await writeFile(fileOf(directory, second.cid), second.bytes); // a file whose index entry was lost
    const { rm } = await import('node:fs/promises');
    await rm(fileOf(directory, first.cid)); // an index entry whose file was lost
    const again = await openStore(directory);
    expect([again.has(first.cid), again.has(second.cid)]).toEqual([false, true]);
    expect(again.usedBytes()).toBe(second.bytes.length);
    expect(await readdir(directory)).not.toContain('incoming');
  });

  it('never gives out a block that rotted on the disk', async () => {
    const directory = await temporaryFolder();
    const { cid, bytes } = someBlock(1);
    const before = await openBlockStore({ directory, quotaBytes: 10_000 });
    await before.put(cid, bytes);
    before.close();
    const store = await openStore(directory);
    const rotten = await readFile(fileOf(directory, cid));
    rotten[500] = (rotten[500] ?? 0) ^ 1;
    await writeFile(fileOf(directory, cid), rotten);
    expect(await store.get(cid)).toBeUndefined();
    expect([store.has(cid), store.usedBytes()]).toEqual([false, 0]);
  });

  it('pushes out what was used longest ago, and never what is pinned or held', async () => {
    const store = await openStore(await temporaryFolder(), 5000);
    const blocks = [1, 2, 3, 4, 5].map((seed) => someBlock(seed));
    for (const { cid, bytes } of blocks) await store.put(cid, bytes);
    const [oldest, held, pinned, fourth, fifth] = blocks as [(typeof blocks)[0], ...typeof blocks];
    await store.get(oldest.cid);
    const release = store.hold([held?.cid ?? oldest.cid]);
    store.pin([pinned?.cid ?? oldest.cid], true);
    for (const seed of [6, 7]) await store.put(someBlock(seed).cid, someBlock(seed).bytes);
    expect(blocks.map(({ cid }) => store.has(cid))).toEqual([true, true, true, false, false]);
    expect([fourth, fifth].every((block) => block !== undefined)).toBe(true);
    release();
    store.pin(
      blocks.map(({ cid }) => cid),
      false,
    );
    await store.put(someBlock(8).cid, someBlock(8).bytes);
    expect(store.has(held?.cid ?? oldest.cid)).toBe(false);
    expect(store.usedBytes()).toBeLessThanOrEqual(5000);
  });

  it('refuses a block when all that it holds is in use, and evicts nothing for one that can never fit', async () => {
    const store = await openStore(await temporaryFolder(), 2500);
    const [first, second] = [someBlock(1), someBlock(2)];
    for (const { cid, bytes } of [first, second]) await store.put(cid, bytes);
    const large = someBlock(3, 3000);
    await expect(store.put(large.cid, large.bytes)).rejects.toMatchObject({ code: 'MH-BLK-005' });
    expect([store.has(first.cid), store.has(second.cid)]).toEqual([true, true]);
    store.pin([first.cid, second.cid], true);
    await expect(store.put(someBlock(4).cid, someBlock(4).bytes)).rejects.toMatchObject({ code: 'MH-BLK-005' });
  });

  it('stays within its quota when many blocks come at once', async () => {
    const store = await openStore(await temporaryFolder(), 4500);
    const blocks = Array.from({ length: 12 }, (_, seed) => someBlock(seed));
    await Promise.allSettled(blocks.map(({ cid, bytes }) => store.put(cid, bytes)));
    expect(store.usedBytes()).toBeLessThanOrEqual(4500);
    expect(blocks.filter(({ cid }) => store.has(cid)).length).toBe(4);
  });

  it('refuses an index of a newer version', async () => {
    const directory = await temporaryFolder();
    const database = new Database(join(directory, 'index.sqlite'));
    database.pragma('user_version = 2');
    database.close();
    await expect(openBlockStore({ directory, quotaBytes: 1 })).rejects.toMatchObject({ code: 'MH-GEN-007' });
  });
});

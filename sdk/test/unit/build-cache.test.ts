// The cache of builds: what was kept comes back byte for byte; what is damaged, for other options or too old does not.

import { readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuiltApp } from '@manyhands/instrument';
import { temporaryFolder } from '@manyhands/testing';
import { beforeEach, expect, test } from 'vitest';
import { BuildCache } from '../../src/build/build-cache.js';

const bounds = { memoryMaximumBytes: 65536, moduleMaximumBytes: 1000 };
const original = Uint8Array.of(1, 2, 3);
const built = {
  abi: 'command',
  builds: { nonleaf: Uint8Array.of(4), all: Uint8Array.of(5, 6) },
  memoryMaximumBytes: 65536,
  memoryInitialBytes: 65536,
  imports: ['fd_write'],
  hasFloat: true,
} as unknown as BuiltApp;

let directory: string;
beforeEach(async () => {
  directory = await temporaryFolder();
});

const folderOf = async (): Promise<string> => join(directory, (await readdir(directory))[0] ?? '');

test('builds come back as they were kept, in another process too', async () => {
  await new BuildCache(directory).keep(original, bounds, built);
  expect(await new BuildCache(directory).find(original, bounds)).toEqual(built);
  const step = { ...built, abi: 'step', builds: { step: Uint8Array.of(7) } } as BuiltApp;
  await new BuildCache(directory).keep(Uint8Array.of(9), bounds, step);
  expect(await new BuildCache(directory).find(Uint8Array.of(9), bounds)).toEqual(step);
});

test('another module or another bound is another entry', async () => {
  const cache = new BuildCache(directory);
  await cache.keep(original, bounds, built);
  expect(await cache.find(Uint8Array.of(1, 2), bounds)).toBeUndefined();
  expect(await cache.find(original, { ...bounds, memoryMaximumBytes: 131_072 })).toBeUndefined();
  expect(await cache.find(original, { ...bounds, moduleMaximumBytes: 999 })).toBeUndefined();
});

test.each(['damaged', 'shortened', 'gone', 'unreadable record'])('a build that is %s is made again', async (fault) => {
  const cache = new BuildCache(directory);
  await cache.keep(original, bounds, built);
  const folder = await folderOf();
  if (fault === 'damaged') await writeFile(join(folder, 'all.wasm'), Uint8Array.of(5, 7));
  if (fault === 'shortened') await truncate(join(folder, 'all.wasm'), 1);
  if (fault === 'gone') await rm(join(folder, 'nonleaf.wasm'));
  if (fault === 'unreadable record') await writeFile(join(folder, 'build.json'), '{"version":1,"digests":{}}');
  expect(await cache.find(original, bounds)).toBeUndefined();
  await cache.keep(original, bounds, built);
  expect(await cache.find(original, bounds)).toEqual(built);
});

test('a folder that can not be written is no fault', async () => {
  await writeFile(join(directory, 'file'), '');
  const cache = new BuildCache(join(directory, 'file'));
  await cache.keep(original, bounds, built);
  expect(await cache.find(original, bounds)).toBeUndefined();
});

test('the programs used longest ago leave', async () => {
  const cache = new BuildCache(directory);
  await cache.keep(original, bounds, built);
  const [first = ''] = await readdir(directory);
  for (let number = 0; number < 32; number++) {
    await utimes(join(directory, first), new Date(1000), new Date(1000));
    await cache.keep(Uint8Array.of(number, 0), bounds, built);
  }
  expect(await readdir(directory)).toHaveLength(32);
  expect(await cache.find(original, bounds)).toBeUndefined();
  expect(await cache.find(Uint8Array.of(0, 0), bounds)).toEqual(built);
});

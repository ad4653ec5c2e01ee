// Keys are made once, kept, and readable by their owner only; one process at a time has the folder.

import { chmod, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@manyhands/testing';
import { beforeEach, expect, test } from 'vitest';
import { keySeedIn, layoutOf, makeFolders, operatorTokenIn } from '../../../src/config/data-folder.js';
import { lockFile } from '../../../src/storage/sqlite/file-lock.js';

let directory = '';
beforeEach(async () => {
  directory = await temporaryFolder();
});

test('the same key comes back, with mode 0600 even when it was wider', async () => {
  const path = join(directory, 'some.key');
  const seed = await keySeedIn(path);
  expect(seed.length).toBe(32);
  await chmod(path, 0o644);
  expect(await keySeedIn(path)).toEqual(seed);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a damaged key is refused, not replaced', async () => {
  const path = join(directory, 'some.key');
  await writeFile(path, 'short');
  await expect(keySeedIn(path)).rejects.toMatchObject({ code: 'MH-GEN-013' });
});

test('the token is one line of at least 128 bits', async () => {
  const token = await operatorTokenIn(join(directory, 'token'));
  expect(token).toMatch(/^[\w-]{32}$/);
  expect(await operatorTokenIn(join(directory, 'token'))).toBe(token);
});

test('nobody else may enter the folder', async () => {
  const folder = layoutOf(join(directory, 'data'));
  await makeFolders(folder);
  expect((await stat(folder.directory)).mode & 0o777).toBe(0o700);
});

test('a folder that cannot be made is said to be so', async () => {
  await writeFile(join(directory, 'file'), '');
  await expect(makeFolders(layoutOf(join(directory, 'file', 'data')))).rejects.toMatchObject({ code: 'MH-GEN-013' });
});

test('the lock is exclusive until it is released', () => {
  const lock = lockFile(join(directory, 'lock'));
  expect(() => lockFile(join(directory, 'lock'))).toThrow(expect.objectContaining({ code: 'MH-GEN-008' }));
  lock.release();
  lockFile(join(directory, 'lock')).release();
});

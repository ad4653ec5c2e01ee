// Where the demo keeps its data: in a folder of its own, which goes, or in the chosen one, which stays.
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { openFolder } from '../../src/demo/folder.js';

test('a chosen folder is kept', async () => {
  const data = join(await temporaryFolder(), 'chosen');
  const folder = await openFolder(data);
  await mkdir(folder.coordinator, { recursive: true });
  await writeFile(folder.picture, 'picture');
  await folder.remove();
  expect(existsSync(folder.coordinator)).toBe(true);
  expect(dirname(folder.picture)).toBe(data);
});

test('of a temporary one only the picture stays', async () => {
  const folder = await openFolder(undefined);
  try {
    await mkdir(folder.worker(1), { recursive: true });
    await writeFile(folder.picture, 'picture');
    await folder.remove();
    expect(existsSync(dirname(folder.worker(1)))).toBe(false);
    expect(existsSync(folder.picture)).toBe(true);
  } finally {
    await rm(dirname(folder.picture), { recursive: true, force: true });
  }
});

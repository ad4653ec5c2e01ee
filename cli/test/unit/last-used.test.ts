// What was used last is remembered whole or not at all, and a damaged file is passed over with a word.
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@manyhands/testing';
import { beforeEach, expect, test } from 'vitest';
import { lastUsedFile, readLastUsed, rememberUsed } from '../../src/support/last-used.js';
import { setEnvironment } from '../support/in-process.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await temporaryFolder('last-used');
  file = join(folder, 'deep', 'last-used.json');
});
const troubles: string[] = [];
const read = (): ReturnType<typeof readLastUsed> => {
  troubles.length = 0;
  return readLastUsed(file, (why) => troubles.push(why));
};
const [here, there] = ['http://127.0.0.1:8420', 'https://hands.example.org'];

test('nothing is known at first, then the coordinator, then its project', async () => {
  expect(await read()).toBeUndefined();
  expect(troubles).toEqual([]);
  await rememberUsed(file, { coordinator: here });
  expect(await read()).toEqual({ coordinator: here, project: null });
  await rememberUsed(file, { coordinator: here, project: 'words' });
  expect(await read()).toEqual({ coordinator: here, project: 'words' });
  await rememberUsed(file, { coordinator: here });
  expect(await read()).toEqual({ coordinator: here, project: 'words' });
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ version: 1, coordinator: here, project: 'words' });
  expect(await readdir(join(folder, 'deep'))).toEqual(['last-used.json']);
});

test('another coordinator makes the project forgotten', async () => {
  await rememberUsed(file, { coordinator: here, project: 'words' });
  await rememberUsed(file, { coordinator: there });
  expect(await read()).toEqual({ coordinator: there, project: null });
});

test.each([
  '',
  '{',
  'null',
  '{"version":1}',
  '{"version":2,"coordinator":"http://x","project":null}',
  '{"version":1,"coordinator":"ftp://x","project":null}',
  '{"version":1,"coordinator":"http://x","project":"a b"}',
])('%j is passed over, and written anew', async (text) => {
  await mkdir(join(folder, 'deep'));
  await writeFile(file, text);
  expect(await read()).toBeUndefined();
  expect(troubles).toEqual([expect.stringContaining(file)]);
  await rememberUsed(file, { coordinator: here });
  expect(await read()).toEqual({ coordinator: here, project: null });
});

test('a place that can not be written is no trouble', async () => {
  await writeFile(join(folder, 'deep'), 'a file in the way');
  await expect(rememberUsed(file, { coordinator: here })).resolves.toBeUndefined();
  expect(await read()).toBeUndefined();
  await chmod(join(folder, 'deep'), 0o600);
  expect(await readFile(join(folder, 'deep'), 'utf8')).toBe('a file in the way');
});

test('it lies in the data folder that was named, or in the platform’s', async () => {
  expect(await lastUsedFile('/data')).toBe(join('/data', 'last-used.json'));
  const restore = setEnvironment({ XDG_DATA_HOME: folder });
  const common = await lastUsedFile(undefined);
  restore();
  if (process.platform === 'linux') expect(common).toBe(join(folder, 'manyhands', 'last-used.json'));
  else expect(common).toMatch(/last-used\.json$/);
});

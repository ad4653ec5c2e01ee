// The scientist's data folder: keys for their owner only, pins that hold, files of newer versions refused.

import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { coordinatorIdOf } from '@manyhands/contract';
import { temporaryFolder } from '@manyhands/testing';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { readKey, readOrCreateKey, readRecord, writeRecord } from '../../src/kept/data-directory.js';
import { pinCoordinator } from '../../src/kept/pin.js';

let directory: string;
beforeEach(async () => {
  directory = await temporaryFolder();
});
const code = (expected: string) => expect.objectContaining({ code: expected });

test('a key is made once, also by several at the same moment, and only its owner may read it', async () => {
  const file = join(directory, 'projects/a.key');
  expect(await readKey(file)).toBeUndefined();
  const keys = await Promise.all(Array.from({ length: 8 }, () => readOrCreateKey(file)));
  const stored = await readKey(file);
  for (const key of keys) expect(key.publicKey).toEqual(stored?.publicKey);
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a damaged key is refused, never replaced', async () => {
  const file = join(directory, 'a.key');
  await writeFile(file, 'short');
  await expect(readOrCreateKey(file)).rejects.toThrow(code('MH-GEN-013'));
  expect(await readFile(file, 'utf8')).toBe('short');
});

test('records are read back; damaged ones and those of newer versions are refused', async () => {
  const file = join(directory, 'r.json');
  const schema = z.object({ version: z.literal(1), name: z.string() });
  expect(await readRecord(file, schema)).toBeUndefined();
  await writeRecord(file, { version: 1, name: 'x' });
  expect(await readRecord(file, schema)).toEqual({ version: 1, name: 'x' });
  await writeFile(file, '{"version":2,"anything":[]}');
  await expect(readRecord(file, schema)).rejects.toThrow(code('MH-GEN-007'));
  for (const text of ['{', '[]', '{"version":1}']) {
    await writeFile(file, text);
    await expect(readRecord(file, schema), text).rejects.toThrow(code('MH-GEN-013'));
  }
});

test('the first identity at an address is pinned, each address for itself', async () => {
  await mkdir(directory, { recursive: true });
  const [first, second] = [coordinatorIdOf(new Uint8Array(32)), coordinatorIdOf(new Uint8Array(32).fill(1))];
  await pinCoordinator(directory, { origin: 'http://a', coordinatorId: first });
  await pinCoordinator(directory, { origin: 'http://a', coordinatorId: first });
  await pinCoordinator(directory, { origin: 'http://b', coordinatorId: second });
  await expect(pinCoordinator(directory, { origin: 'http://a', coordinatorId: second })).rejects.toThrow(
    code('MH-SIG-007'),
  );
  await pinCoordinator(directory, { origin: 'http://a', coordinatorId: first });
});

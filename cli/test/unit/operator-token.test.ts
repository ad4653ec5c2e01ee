// Where the operator's token is read from: what was named comes before the environment.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@manyhands/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { operatorToken } from '../../src/support/coordinator-folder.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('a file, then the data folder that was named, then the environment, then its data folder', async () => {
  const folder = await temporaryFolder();
  const tokenFile = join(folder, 'token');
  await writeFile(tokenFile, 'token-of-the-named-file\n');
  for (const name of ['data', 'usual']) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'operator-token'), `token-of-the-folder-${name}\n`);
  }
  const data = join(folder, 'data');
  vi.stubEnv('MANYHANDS_DATA_DIRECTORY', join(folder, 'usual'));
  vi.stubEnv('MANYHANDS_OPERATOR_TOKEN', undefined);
  expect(await operatorToken({})).toBe('token-of-the-folder-usual');
  vi.stubEnv('MANYHANDS_OPERATOR_TOKEN', 'token-of-the-environment');
  expect(await operatorToken({})).toBe('token-of-the-environment');
  expect(await operatorToken({ data })).toBe('token-of-the-folder-data');
  expect(await operatorToken({ data, tokenFile })).toBe('token-of-the-named-file');
});

test('without one there is an error that names the file', async () => {
  const data = await temporaryFolder();
  await expect(operatorToken({ data })).rejects.toMatchObject({
    code: 'MH-SIG-008',
    meta: { file: join(data, 'operator-token') },
  });
});

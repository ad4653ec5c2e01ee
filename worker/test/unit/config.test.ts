// Options, the data folder with its keys and lock, and the account.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolderSync } from '@manyhands/testing';
import { beforeEach, expect, test } from 'vitest';
import { accountIn } from '../../src/config/account.js';
import { keySeedIn, lockFolder, makeFolder, removeFolder } from '../../src/config/data-folder.js';
import { resolveOptions } from '../../src/config/options.js';

let directory: string;
beforeEach(() => {
  directory = temporaryFolderSync();
});

const given = { coordinatorUrl: 'http://127.0.0.1:8420/', dataDirectory: '/x' };

test('what is left open is half of the machine', () => {
  const options = resolveOptions(given);
  expect(options.coordinatorUrl).toBe('http://127.0.0.1:8420');
  expect(options.cpus).toBeGreaterThanOrEqual(1);
  expect(options).toMatchObject({ isP2p: true, isOnce: false, account: null, projects: null });
  expect(options.nice, 'gives way to everything').toBe(19);
  expect(resolveOptions({ ...given, nice: 0 }).nice).toBe(0);
});

test.for([
  { ...given, coordinatorUrl: 'ftp://x' },
  { ...given, coordinatorUrl: 'nonsense' },
  { ...given, cpus: 0 },
  { ...given, nice: -1 },
  { ...given, nice: 20 },
  { ...given, memoryBytes: 5 },
  { ...given, account: 'a', code: 'b' },
  { ...given, account: 'line\nbreak' },
])('a wrong option is refused: %j', (options) => {
  expect(() => resolveOptions(options)).toThrow(expect.objectContaining({ code: 'MH-GEN-009' }));
});

test('keys are made once, for the owner only', () => {
  const folder = makeFolder(join(directory, 'new'));
  const seed = keySeedIn(folder.hostKey);
  expect(keySeedIn(folder.hostKey)).toEqual(seed);
  expect(statSync(folder.hostKey).mode & 0o777).toBe(0o600);
  expect(statSync(folder.directory).mode & 0o777).toBe(0o700);
  writeFileSync(folder.hostKey, 'short');
  expect(() => keySeedIn(folder.hostKey)).toThrow(expect.objectContaining({ code: 'MH-GEN-013' }));
});

test('a folder that cannot be made is named', () => {
  writeFileSync(join(directory, 'file'), '');
  expect(() => makeFolder(join(directory, 'file', 'below'))).toThrow(expect.objectContaining({ code: 'MH-GEN-013' }));
});

test('a second lock on a folder is refused until the first is let go', () => {
  const folder = makeFolder(directory);
  const lock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: 'MH-GEN-008' }));
  lock.release();
  lockFolder(folder).release();
});

test('an account is made once and keeps its name', () => {
  const folder = makeFolder(directory);
  const account = accountIn(folder, 'Ada');
  expect(accountIn(folder, 'Ada')).toEqual(account);
  expect(account.nonce).toHaveLength(16);
  expect(() => accountIn(folder, 'Grace')).toThrow(expect.objectContaining({ code: 'MH-GEN-009' }));
  expect(readFileSync(folder.account, 'utf8')).not.toContain(Buffer.from(account.keySeed).toString('base64url'));
  writeFileSync(folder.account, '{}');
  expect(() => accountIn(folder, 'Ada')).toThrow(expect.objectContaining({ code: 'MH-GEN-013' }));
});

test('removing takes what is the worker’s and leaves what is not', () => {
  const folder = makeFolder(directory);
  keySeedIn(folder.hostKey);
  lockFolder(folder).release();
  accountIn(folder, 'Ada');
  for (const name of ['worker.sqlite', 'worker.sqlite-wal', 'worker.sqlite.before-1'])
    writeFileSync(join(directory, name), '');
  writeFileSync(join(directory, 'letter.txt'), 'mine');
  removeFolder(directory, { isAccountRemoved: false });
  expect(readdirSync(directory).sort()).toEqual(['account.json', 'account.key', 'letter.txt']);
  removeFolder(directory, { isAccountRemoved: true });
  expect(readFileSync(join(directory, 'letter.txt'), 'utf8')).toBe('mine');
  rmSync(join(directory, 'letter.txt'));
  expect(() => removeFolder(directory, { isAccountRemoved: true })).not.toThrow();
  expect(existsSync(directory)).toBe(false);
});

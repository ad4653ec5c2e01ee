// All packages move to another version together, and nothing but the versions changes.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolderSync } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { REPOSITORY } from '../support/packages/nodes.js';

/** The manifests of the repository and what is checked with them, in a folder of their own. */
function copied(): { folder: string; files: string[] } {
  const folder = temporaryFolderSync('version');
  const listed = execFileSync(
    'git',
    ['ls-files', '*package.json', 'package-lock.json', '*LICENSE', '*README.md', 'scripts/manifests.mjs'],
    {
      cwd: REPOSITORY,
      encoding: 'utf8',
    },
  );
  const files = listed.trimEnd().split('\n');
  for (const file of files) cpSync(join(REPOSITORY, file), join(folder, file));
  return { folder, files };
}

const manifests = (folder: string, args: readonly string[]) =>
  spawnSync(process.execPath, [join(folder, 'scripts/manifests.mjs'), ...args], { encoding: 'utf8' });

test('one command moves all packages, what they ask of one another, and the lockfile', () => {
  const { folder, files } = copied();
  const before = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  expect(manifests(folder, ['--version', '7.8.9']).status).toBe(0);
  const texts = files.filter((file) => file.endsWith('.json')).map((file) => readFileSync(join(folder, file), 'utf8'));
  for (const text of texts)
    for (const [line] of text.matchAll(/"@manyhands\/[\w-]+": ".*"/g)) expect(line).toContain('7.8.9');
  for (const file of files.filter((name) => /(^|\/)package\.json$/.test(name)))
    expect(JSON.parse(readFileSync(join(folder, file), 'utf8')).version, file).toBe('7.8.9');
  expect(manifests(folder, ['--check']).status).toBe(0);
  const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
  expect(manifests(folder, ['--version', version]).status).toBe(0);
  expect(readFileSync(join(folder, 'package-lock.json'), 'utf8')).toBe(before);
});

test('what is no version is refused, and a manifest that went astray is named', () => {
  const { folder } = copied();
  expect(manifests(folder, ['--version', 'next']).status).toBe(2);
  const file = join(folder, 'sdk/package.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"Apache-2.0"', '"MIT"'));
  const { status, stderr } = manifests(folder, ['--check']);
  expect(status).toBe(1);
  expect(stderr).toContain('sdk/package.json');
});

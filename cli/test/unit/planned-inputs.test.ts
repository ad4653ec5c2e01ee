// Inputs of `manyhands map --each`: which files match, what their units are called, and what is refused.

import { execFile } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '@manyhands/testing';
import { beforeAll, expect, test } from 'vitest';
import { fixedFolder, planFiles, refuseOverwriting } from '../../src/support/planned-inputs.js';

let directory: string;
beforeAll(async () => {
  directory = await temporaryFolder();
  await mkdir(join(directory, 'in/sub/deep'), { recursive: true });
  await mkdir(join(directory, 'in/results'));
  for (const name of ['b.txt', 'a.txt', 'sub/c.txt', 'sub/deep/d.txt', 'e.csv', 'results/a.txt'])
    await writeFile(join(directory, 'in', name), name);
  await symlink(join(directory, 'in/a.txt'), join(directory, 'in/link.txt'));
});

const at = (...parts: string[]): string => join(directory, ...parts);
const plan = (pattern: string, asFile?: string, out = 'in/results') =>
  planFiles(at(pattern), { asFile, outDirectory: at(out) });
const code = (expected: string) => expect.objectContaining({ code: expected });

test('names are paths below the longest fixed folder, sorted; results are no inputs', async () => {
  const names = async (pattern: string): Promise<string[]> => (await plan(pattern)).map(({ name }) => name);
  expect(await names('in/*.txt')).toEqual(['a.txt', 'b.txt', 'link.txt']);
  expect(await names('in/**/*.txt')).toEqual(['a.txt', 'b.txt', 'link.txt', 'sub/c.txt', 'sub/deep/d.txt']);
  expect(await names('*/sub/*.txt')).toEqual(['in/sub/c.txt']);
  expect(await names('in/b.txt')).toEqual(['b.txt']);
  expect((await plan('in/s*/*.txt', undefined, '.')).map(({ name }) => name)).toEqual(['sub/c.txt']);
});

test('a matching file is standard input, or a file of the given name', async () => {
  expect(await plan('in/b.txt')).toEqual([{ name: 'b.txt', stdin: { path: at('in/b.txt') } }]);
  expect(await plan('in/b.txt', 'x.cnf')).toEqual([{ name: 'b.txt', files: { 'x.cnf': { path: at('in/b.txt') } } }]);
});

test('a pattern that matches nothing, only folders or only results is refused', async () => {
  for (const pattern of ['in/*.none', 'nowhere/*', 'in/sub', 'in/s*b', 'in/r*/*.txt'])
    await expect(plan(pattern), pattern).rejects.toThrow(code('MH-BAT-007'));
});

test('the fixed folder of a pattern', () => {
  expect(fixedFolder('a/b/*.txt')).toBe(resolve('a/b'));
  expect(fixedFolder('*.txt')).toBe(resolve('.'));
  expect(fixedFolder('/x/{a,b}/c')).toBe('/x');
  expect(fixedFolder('/*')).toBe('/');
  expect(fixedFolder('a/b.txt')).toBe(resolve('a'));
});

test('what a pattern names and cannot be read is an error that names it', async () => {
  await mkdir(at('bad/folder'), { recursive: true });
  for (const name of ['a.txt', 'folder/b.txt']) await writeFile(at('bad', name), name);
  const names = async (pattern: string): Promise<string[]> =>
    (await planFiles(pattern, { asFile: undefined, outDirectory: at('none') })).map(({ name }) => name);
  expect(await names(at('bad/*'))).toEqual(['a.txt']);
  expect(await names(at('bad/**'))).toEqual(['a.txt', 'folder/b.txt']);
  const cases: [string, () => Promise<unknown>, string[]][] = [
    [
      'gone.txt',
      () => symlink('/nowhere/at/all', at('bad/gone.txt')),
      ['*', '*.txt', 'gone.txt', '**/*.txt', '{a,gone}.txt'],
    ],
    ['loop.txt', () => symlink('loop.txt', at('bad/loop.txt')), ['*', 'l*', 'loop.txt', '**']],
    ['gone', () => symlink('/nowhere/at/all', at('bad/gone')), ['*/*.txt', 'gone/*.txt', 'gone/x/*.txt', '*/b.txt']],
    ['pipe', () => promisify(execFile)('mkfifo', [at('bad/pipe')]), ['*', 'p?pe']],
  ];
  for (const [name, make, patterns] of cases) {
    await make();
    for (const pattern of patterns)
      await expect(names(at('bad', pattern)), `${name} by ${pattern}`).rejects.toThrow(
        expect.objectContaining({ code: 'MH-GEN-013', message: expect.stringContaining(at('bad', name)) }),
      );
    expect(await names(at('bad/[a]*')), 'what the pattern does not name is no trouble').toEqual(['a.txt']);
    await rm(at('bad', name));
  }
});

test('links are followed to files and to named folders, and never in a circle', async () => {
  await mkdir(at('linked/real'), { recursive: true });
  await writeFile(at('linked/real/x.txt'), 'x');
  await symlink('real', at('linked/folder'));
  await symlink('..', at('linked/real/up'));
  const names = async (pattern: string): Promise<string[]> =>
    (await planFiles(at(pattern), { asFile: undefined, outDirectory: at('none') })).map(({ name }) => name);
  expect(await names('linked/*/x.txt')).toEqual(['folder/x.txt', 'real/x.txt']);
  expect(await names('linked/folder/*.txt')).toEqual(['x.txt']);
  expect(await names('linked/**/*.txt')).toEqual(['real/x.txt']);
});

test.runIf(process.platform === 'linux')('a name that is not UTF-8 is refused where the pattern meets it', async () => {
  await mkdir(at('bytes/sub'), { recursive: true });
  await writeFile(at('bytes/a.txt'), 'a');
  await writeFile(Buffer.concat([Buffer.from(at('bytes/sub/caf')), Buffer.from([0xe9]), Buffer.from('.txt')]), 'x');
  const refused = (pattern: string) =>
    expect(planFiles(at(pattern), { asFile: undefined, outDirectory: at('none') }), pattern).rejects.toThrow(
      expect.objectContaining({ code: 'MH-GEN-013', message: expect.stringContaining('caf\\xE9.txt') }),
    );
  await refused('bytes/sub/*');
  await refused('bytes/**/*.txt');
  await refused('bytes/*/c*.txt');
  expect(await planFiles(at('bytes/*.txt'), { asFile: undefined, outDirectory: at('none') })).toHaveLength(1);
  expect(await planFiles(at('bytes/**/a*'), { asFile: undefined, outDirectory: at('none') })).toHaveLength(1);
});

test('results never overwrite inputs', async () => {
  const inputs = await plan('in/*.txt', undefined, 'in');
  expect(() => refuseOverwriting(inputs, (name) => at('out', name))).not.toThrow();
  expect(() => refuseOverwriting(inputs, (name) => at('in', name))).toThrow(code('MH-GEN-009'));
  const asFiles = await plan('in/*.txt', 'input.txt', 'in');
  expect(() => refuseOverwriting(asFiles, (name) => at('out', name))).not.toThrow();
  expect(() => refuseOverwriting(asFiles, (name) => at('in', name))).toThrow(code('MH-GEN-009'));
});

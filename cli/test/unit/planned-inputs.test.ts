// Inputs of `manyhands map`: which files match, what their units are called, what the lines of a file become.

import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { temporaryFolder } from '@manyhands/testing';
import { beforeAll, expect, test } from 'vitest';
import { fixedFolder, planFiles, planLines, refuseOverwriting } from '../../src/support/planned-inputs.js';

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

test('lines become units named by their number; blank ones are left out', async () => {
  const path = at('params.txt');
  await writeFile(path, `1 2\r\n\n'a b' c\nlast`);
  expect(await planLines(path)).toEqual([
    { name: '000001', args: ['1', '2'] },
    { name: '000003', args: ['a b', 'c'] },
    { name: '000004', args: ['last'] },
  ]);
});

test('a file without words, an absent file and a bad quote are refused', async () => {
  await writeFile(at('blank.txt'), '\n  \n');
  await writeFile(at('quote.txt'), `ok\nbad "quote`);
  await expect(planLines(at('blank.txt'))).rejects.toThrow(code('MH-BAT-007'));
  await expect(planLines(at('absent.txt'))).rejects.toThrow(code('MH-GEN-013'));
  await expect(planLines(at('quote.txt'))).rejects.toThrow(
    expect.objectContaining({ code: 'MH-GEN-009', meta: expect.objectContaining({ lineNumber: 2 }) }),
  );
});

test('results never overwrite inputs', async () => {
  const inputs = await plan('in/*.txt', undefined, 'in');
  expect(() => refuseOverwriting(inputs, (name) => at('out', name))).not.toThrow();
  expect(() => refuseOverwriting(inputs, (name) => at('in', name))).toThrow(code('MH-GEN-009'));
  const asFiles = await plan('in/*.txt', 'input.txt', 'in');
  expect(() => refuseOverwriting(asFiles, (name) => at('out', name))).not.toThrow();
  expect(() => refuseOverwriting(asFiles, (name) => at('in', name))).toThrow(code('MH-GEN-009'));
});

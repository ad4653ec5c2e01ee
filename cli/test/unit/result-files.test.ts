// Results as files: where they land, that they are recognised when they are there already, and that nothing half is left.

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeBundle, type UnitResult, utf8Bytes } from '@manyhands/contract';
import { temporaryFolder } from '@manyhands/testing';
import { beforeEach, expect, test } from 'vitest';
import { ResultFiles } from '../../src/support/result-files.js';

let directory: string;
beforeEach(async () => {
  directory = await temporaryFolder();
});

const result: UnitResult = {
  exitCode: 10,
  stdout: utf8Bytes('answer\n'),
  files: [
    { name: 'curve.csv', bytes: utf8Bytes('1,2\n') },
    { name: 'logs/x.log', bytes: null },
  ],
};
const digestOf = (value: UnitResult): string => Buffer.from(encodeBundle(value).digest).toString('hex');
const unit = { index: 0, name: 'sub/a.txt', digest: digestOf(result) };
const open = (): ResultFiles => new ResultFiles({ directory, collect: ['curve.csv', 'logs/x.log'] });

test('stdout lands under the name, collected files beside it, and no other file is left', async () => {
  const written = await open().write({ ...result, name: unit.name });
  expect(await readFile(join(directory, 'sub/a.txt'), 'utf8')).toBe('answer\n');
  expect(await readFile(join(directory, 'sub/a.txt.d/curve.csv'), 'utf8')).toBe('1,2\n');
  expect(written).toEqual({
    file: join(directory, 'sub/a.txt'),
    files: [join(directory, 'sub/a.txt.d/curve.csv')],
  });
  const left = await readdir(directory, { recursive: true });
  expect(left.filter((name) => name !== '.manyhands').sort()).toEqual([
    'sub',
    'sub/a.txt',
    'sub/a.txt.d',
    'sub/a.txt.d/curve.csv',
  ]);
});

test('what is there with the accepted bytes is found with its exit code', async () => {
  expect(await open().find(unit)).toBeUndefined();
  await open().write({ ...result, name: unit.name });
  expect(await open().find(unit)).toBe(10);
});

test('any other byte, a missing file or one too many is not the result', async () => {
  const files = open();
  const anew = async (): Promise<void> => {
    await rm(join(directory, 'sub'), { recursive: true, force: true });
    await files.write({ ...result, name: unit.name });
  };
  await anew();
  await writeFile(join(directory, 'sub/a.txt'), 'answer?');
  expect(await files.find(unit)).toBeUndefined();
  await anew();
  await rm(join(directory, 'sub/a.txt.d/curve.csv'));
  expect(await files.find(unit)).toBeUndefined();
  await anew();
  await mkdir(join(directory, 'sub/a.txt.d/logs'));
  await writeFile(join(directory, 'sub/a.txt.d/logs/x.log'), '');
  expect(await files.find(unit)).toBeUndefined();
  await anew();
  expect(await files.find(unit)).toBe(10);
});

test('what is there is not overwritten, and of a result that could not be written nothing is left', async () => {
  await mkdir(join(directory, 'sub'));
  await writeFile(join(directory, 'sub/a.txt'), 'mine');
  await expect(open().write({ ...result, name: unit.name })).rejects.toThrow(
    expect.objectContaining({ code: 'MH-BAT-011' }),
  );
  expect(await readFile(join(directory, 'sub/a.txt'), 'utf8')).toBe('mine');
  await expect(readFile(join(directory, 'sub/a.txt.d/curve.csv'))).rejects.toThrow();
});

test('a place that can not be written is a clear error', async () => {
  await writeFile(join(directory, 'sub'), 'in the way');
  await expect(open().write({ ...result, name: unit.name })).rejects.toThrow(
    expect.objectContaining({ code: 'MH-GEN-013' }),
  );
});

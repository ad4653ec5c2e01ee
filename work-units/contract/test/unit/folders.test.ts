// Making folders: with all that is missing above, again without harm, and with an answer where it cannot be done.
import { statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureFolder } from '@manyhands/contract/folders';
import { temporaryFolderSync } from '@manyhands/testing';
import { expect, test } from 'vitest';

test('what is missing is made, for its owner alone where that is asked; what is there stays', () => {
  const folder = join(temporaryFolderSync(), 'a', 'b', 'c');
  for (let time = 0; time < 2; time += 1) ensureFolder(folder, 0o700);
  for (const made of [folder, join(folder, '../..')]) expect(statSync(made).mode & 0o777).toBe(0o700);
});

test('where there is no room for a folder, it says so instead of trying for ever', () => {
  const folder = temporaryFolderSync();
  writeFileSync(join(folder, 'file'), '');
  symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
  for (const path of ['file', 'file/below', 'link', 'link/below', 'nul\0']) {
    expect(() => ensureFolder(join(folder, path)), path).toThrow();
  }
});

test.skipIf(process.platform !== 'linux')('a folder that exists and takes no others', () => {
  for (const path of ['/proc/manyhands', '/proc/manyhands/below'])
    expect(() => ensureFolder(path)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});

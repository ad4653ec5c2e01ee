// A file that is no backup, or that is not there: what is said of it is true of that file.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolderSync } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { ArchiveReader } from '../../../src/storage/sqlite/backup-archive.js';

test.each([
  ['missing', /^Can't open .*missing: there is no such file or folder\./],
  ['.', /^Can't open .*: it is a folder, not a file\./],
  ['text', /text is not a complete backup\.$/],
])('%s', (name, message) => {
  const folder = temporaryFolderSync();
  writeFileSync(join(folder, 'text'), 'no backup');
  const read = () => new ArchiveReader(join(folder, name));
  expect(read).toThrow(expect.objectContaining({ code: 'MH-GEN-013', message: expect.stringMatching(message) }));
});

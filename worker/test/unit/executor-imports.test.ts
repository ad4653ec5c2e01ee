// What the executor process may read is what its modules import, and the list of the import rules.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const WORKER = join(import.meta.dirname, '../..');

test('the executor may read just its own folders and the packages that they import', () => {
  const { confined } = JSON.parse(readFileSync(join(WORKER, 'package.json'), 'utf8'));
  const { folders, packages } = confined.executor as { folders: string[]; packages: string[] };
  const files = folders.flatMap((folder) => {
    const path = join(WORKER, 'src', folder);
    return readdirSync(path).map((name) => join(path, name));
  });
  const imported = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:from|import) '([^.#][^']*)'/g)].map(([, from]) => from),
  );
  const found = new Set(imported.filter((name) => !name?.startsWith('node:')));
  expect([...found].sort()).toEqual([...packages].sort());
});

// What the executor process may read follows from what its modules import.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { IMPORTED } from '../../src/executor/readable.js';

test('the executor may read just the packages that its modules import', () => {
  const folder = join(import.meta.dirname, '../../src/executor');
  const imported = readdirSync(folder).flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/(?:from|import) '([^.#][^']*)'/g)].map(([, from]) => from),
  );
  const packages = new Set(imported.filter((name) => !name?.startsWith('node:')));
  expect([...packages].sort()).toEqual([...IMPORTED].sort());
});

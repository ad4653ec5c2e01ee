// What a confined process is shown: the list of its package, as far as it is there, and nothing beside it.
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { temporaryFolderSync } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { readablePaths } from '../../src/shown/zone.js';

test('folders that are listed and built are shown; one whose code went into others is not missed', () => {
  const folder = realpathSync(temporaryFolderSync('zone'));
  const zone = { folders: ['process', 'messages'], packages: ['helper'] };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ confined: { unit: zone } }));
  for (const name of ['dist/process', 'dist/beside', 'node_modules/helper', 'node_modules/other'])
    mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['helper', 'other']) writeFileSync(join(folder, 'node_modules', name, 'package.json'), '{}');
  expect(readablePaths({ packageFolder: pathToFileURL(`${folder}/`), name: 'unit' })).toEqual([
    join(folder, 'package.json'),
    join(folder, 'dist/process/'),
    join(folder, 'node_modules/helper/'),
  ]);
});

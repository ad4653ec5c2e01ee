// Temporary folders are there during the test and gone after it.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../src/index.js';

let before = '';
const ofFile = await temporaryFolder('file');

it('is empty, a test’s own, and may be filled', async () => {
  before = await temporaryFolder();
  writeFileSync(join(before, 'a file'), 'of the test');
  expect(await temporaryFolder()).not.toBe(before);
});

it('is gone after the test; one made outside of a test lasts for the file', () => {
  expect(before).not.toBe('');
  expect(existsSync(before)).toBe(false);
  expect(existsSync(ofFile)).toBe(true);
});

// What is made in a hook before each test ends with that test.
import { existsSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { lifetimeNow, temporaryFolder } from '../../src/index.js';

const folders: string[] = [];
beforeEach(async () => {
  expect(lifetimeNow()).toBe('test');
  folders.push(await temporaryFolder());
});

it('is there in the first test', () => {
  expect(folders.map((folder) => existsSync(folder))).toEqual([true]);
});

it('and another in the second', () => {
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, true]);
});

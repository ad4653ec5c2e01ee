// The entry that Node loads gives everything that the types promise.
import { expect, test } from 'vitest';
import * as entry from '../../src/entry.js';
import * as sdk from '../../src/index.js';

test('the entry exports what index.ts exports', () => {
  expect(Object.keys(entry).sort()).toEqual(Object.keys(sdk).sort());
  for (const [name, value] of Object.entries(entry)) expect(value, name).toBe(sdk[name as keyof typeof sdk]);
});

// The entry that Node loads gives everything that the types promise.
import { expect, test } from 'vitest';
import * as entry from '../../src/entry.js';
import * as sdk from '../../src/index.js';

test('the entry exports what index.ts exports', () => {
  expect({ ...entry }).toEqual({ ...sdk });
});

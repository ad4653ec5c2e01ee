// What Node loads gives all that the types promise.
import { expect, test } from 'vitest';
import * as entry from '../../src/entry.js';
import * as index from '../../src/index.js';

test('every value of the index is handed out by the entry', () => {
  expect(Object.keys(entry).toSorted()).toEqual(Object.keys(index).toSorted());
});

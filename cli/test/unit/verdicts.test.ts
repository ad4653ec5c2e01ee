// What a script that computes results again goes by.
import { expect, test } from 'vitest';
import { EXIT_BY_VERDICT } from '../../src/unit.js';

test('only the same is well; different is told from not yet known', () => {
  expect(EXIT_BY_VERDICT).toEqual({ same: 0, different: 1, unsettled: 3, unclear: 3 });
});

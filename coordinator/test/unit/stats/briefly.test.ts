// Answers are computed once for many viewers, and per key.
import { expect, test } from 'vitest';
import { briefly } from '../../../src/http/briefly.js';

test('within its lifetime an answer is computed once per key', () => {
  let computed = 0;
  const answer = briefly(60_000, (key: string) => {
    computed += 1;
    return `${key} ${computed}`;
  });
  expect([answer('a'), answer('a'), answer('b'), answer('a')]).toEqual(['a 1', 'a 1', 'b 2', 'a 1']);
});

test('after its lifetime it is computed again', () => {
  let computed = 0;
  const answer = briefly(0, (_key: null) => ++computed);
  expect([answer(null), answer(null)]).toEqual([1, 2]);
});

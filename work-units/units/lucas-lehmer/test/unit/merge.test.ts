// The reducer joins results in any order and sees contradictions.
import { expect, test } from 'vitest';
import { mergeResults, parseOutput } from '../../src/index.js';
import { plainOutput } from '../support/plain-test.js';

const result = (p: number, interval = 0, iterations = p - 2) => parseOutput(plainOutput(p, interval, iterations));

test('lists primes, complete tests and what is open', () => {
  const results = [result(19), result(23, 5), result(11), result(31, 0, 10), result(19, 3), result(23, 0, 4)];
  for (const order of [results, [...results].reverse()]) {
    const { primes, tests, open } = mergeResults(order);
    expect(primes).toEqual([19]);
    expect(tests.map(({ exponent }) => exponent)).toEqual([11, 19, 23]);
    expect(open).toEqual([31]);
  }
});

test('two results that give one iteration different residues are a conflict', () => {
  const wrong = { ...result(23, 5), residue: '0000000000000001' };
  for (const results of [
    [result(23), wrong],
    [wrong, result(23)],
  ]) {
    expect(() => mergeResults(results)).toThrow(expect.objectContaining({ code: 'LUCAS_LEHMER_CONFLICT' }));
  }
  const early = { ...result(23, 0, 10), residue: '0000000000000001' };
  expect(() => mergeResults([early, result(23, 5)])).toThrow('iteration 10');
});

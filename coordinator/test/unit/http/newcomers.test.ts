// What strangers may bring into being: a share of an hour for each address.
import { expect, test } from 'vitest';
import { NEWCOMERS_PER_HOUR, Newcomers } from '../../../src/http/domain/newcomers.js';

test('an address has its share of an hour, others have theirs, loopback has more', () => {
  const newcomers = new Newcomers();
  for (let count = 0; count < NEWCOMERS_PER_HOUR; count++) expect(newcomers.admit('10.0.0.1', 0)).toBe(true);
  expect(newcomers.admit('10.0.0.1', 0)).toBe(false);
  expect(newcomers.admit('10.0.0.2', 0)).toBe(true);
  for (let count = 0; count <= NEWCOMERS_PER_HOUR; count++) expect(newcomers.admit('127.0.0.1', 0)).toBe(true);
  expect(newcomers.admit('10.0.0.1', 3_600_000)).toBe(true);
});

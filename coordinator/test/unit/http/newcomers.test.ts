// What strangers may bring into being: a share of an hour for each address.
import { expect, test } from 'vitest';
import { Newcomers } from '../../../src/http/domain/newcomers.js';

test('an address has its share of an hour, others have theirs, and loopback is one of them', () => {
  const newcomers = new Newcomers(50);
  for (const address of ['10.0.0.1', '127.0.0.1']) {
    for (let count = 0; count < 50; count++) expect(newcomers.admit(address, 0)).toBe(true);
    expect(newcomers.admit(address, 0)).toBe(false);
  }
  expect(newcomers.admit('10.0.0.2', 0)).toBe(true);
  expect(newcomers.admit('10.0.0.1', 3_600_000)).toBe(true);
});

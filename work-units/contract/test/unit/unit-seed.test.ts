// The seed of a unit is part of the contract: a golden value, and another one for another unit or module.
import { expect, test } from 'vitest';
import { rawCidOf, unitSeedOf, utf8Bytes } from '../../src/index.js';

const moduleCid = rawCidOf(utf8Bytes('a module'));

test('the seed is a fixed function of module and unit name', () => {
  const seed = unitSeedOf(moduleCid, '000001');
  expect(seed).toHaveLength(32);
  expect(Buffer.from(seed).toString('hex')).toBe('0cd2762da4af6ba4f75992430081e41ad50448a51fd3b2913688207bbe96e84c');
  expect(unitSeedOf(moduleCid, '000002')).not.toEqual(seed);
  expect(unitSeedOf(rawCidOf(utf8Bytes('another')), '000001')).not.toEqual(seed);
});

// Fixed seeds: the same each time, different for each suite and for each MANYHANDS_SEED.
import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { randomOf, seedOf } from '../../src/index.js';

const take = (random: () => number) => Array.from({ length: 5 }, random);
afterEach(() => void vi.unstubAllEnvs());

it('a suite draws the same numbers each time, another suite others', () => {
  expect(take(randomOf('one'))).toEqual(take(randomOf('one')));
  expect(take(randomOf('one'))).not.toEqual(take(randomOf('other')));
  for (const number of take(randomOf('one'))) expect(number >= 0 && number < 1).toBe(true);
});

it('MANYHANDS_SEED changes every seed', () => {
  vi.stubEnv('MANYHANDS_SEED', undefined);
  const fixed = seedOf('one');
  vi.stubEnv('MANYHANDS_SEED', '1');
  expect(seedOf('one')).not.toBe(fixed);
  expect(seedOf('one')).not.toBe(seedOf('other'));
});

const seeds: (number | undefined)[] = [];
it.each([1, 2])('each test gives its properties a seed of its own (%i)', () => {
  seeds.push(fc.readConfigureGlobal().seed);
  expect(new Set(seeds).size).toBe(seeds.length);
  expect(seeds).not.toContain(undefined);
});

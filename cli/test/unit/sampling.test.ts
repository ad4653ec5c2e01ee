// A sample of units: the same for the same seed, of all units alike, never twice the same.
import { expect, test } from 'vitest';
import { sampleOf } from '../../src/support/sampling.js';

const items = Array.from({ length: 100 }, (_, index) => index);

test('a seed gives the same sample again, another seed another', () => {
  const sample = sampleOf(items, { count: 5, seed: 7 });
  expect(sample).toHaveLength(5);
  expect(sampleOf(items, { count: 5, seed: 7 })).toEqual(sample);
  expect(sampleOf(items, { count: 5, seed: 8 })).not.toEqual(sample);
});

test('nothing is chosen twice, and all when there are not more', () => {
  expect(new Set(sampleOf(items, { count: 50, seed: 1 })).size).toBe(50);
  expect(sampleOf([1, 2, 3], { count: 5, seed: 3 }).sort()).toEqual([1, 2, 3]);
  expect(sampleOf([], { count: 5, seed: 3 })).toEqual([]);
  expect(items[0]).toBe(0);
});

test('every unit has its turn', () => {
  const counts = new Map<number, number>();
  for (let seed = 0; seed < 2000; seed += 1)
    for (const item of sampleOf(items, { count: 5, seed })) counts.set(item, (counts.get(item) ?? 0) + 1);
  expect(counts.size).toBe(100); // each is expected 100 times
  for (const count of counts.values()) expect(count).toBeGreaterThan(50);
});

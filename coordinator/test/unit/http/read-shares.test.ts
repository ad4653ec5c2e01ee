// Shares of what reading costs: one who has used up his waits, others do not, and many together have no more than all may.
import { expect, test } from 'vitest';
import { ReadShares } from '../../../src/http/domain/read-shares.js';
import { WaitingPlaces } from '../../../src/http/domain/waiting-places.js';

const RULES = {
  burst: { cpuMs: 1000, bytes: 10_000 },
  perSecond: { cpuMs: 100, bytes: 1000 },
  togetherPerSecond: { cpuMs: 200, bytes: 2000 },
};
const cpu = (cpuMs: number) => ({ cpuMs, bytes: 0 });

test('who has used up a share waits until some of it is there again, and no longer', () => {
  const shares = new ReadShares(RULES);
  shares.spend('greedy', cpu(999), 0);
  expect(shares.waitMs('greedy', 0)).toBe(0);
  shares.spend('greedy', cpu(101), 0);
  expect(shares.waitMs('greedy', 0)).toBe(1000);
  expect(shares.waitMs('greedy', 999)).toBeGreaterThan(0);
  expect(shares.waitMs('greedy', 1001)).toBe(0);
  expect(shares.waitMs('other', 0)).toBe(0);
});

test('bytes count like time of the processor', () => {
  const shares = new ReadShares(RULES);
  shares.spend('downloads', { cpuMs: 0, bytes: 15_000 }, 0);
  expect(shares.waitMs('downloads', 0)).toBe(5000);
});

test('a share that was used up fills to its burst and no further', () => {
  const shares = new ReadShares(RULES);
  shares.spend('a', cpu(1000), 0);
  shares.spend('a', cpu(1000), 3_600_000);
  expect(shares.waitMs('a', 3_600_000)).toBeGreaterThan(0);
});

test('many readers share what all may have; one who comes anew has a whole burst', () => {
  const shares = new ReadShares(RULES);
  for (let reader = 0; reader < 20; reader++) shares.spend(`attacker ${reader}`, cpu(1100), 0);
  expect(shares.waitMs('attacker 0', 0)).toBe(10_000);
  expect(shares.waitMs('newcomer', 0)).toBe(0);
  shares.spend('newcomer', cpu(500), 20_000);
  expect(shares.waitMs('newcomer', 20_000)).toBe(0);
});

test('a hundred thousand addresses do not make it forget the one that reads', () => {
  const shares = new ReadShares(RULES);
  for (let reader = 0; reader < 100_000; reader++) {
    shares.spend(`address ${reader}`, cpu(1), 0);
    if (reader % 1000 === 0) shares.spend('greedy', cpu(100), 0);
  }
  expect(shares.waitMs('greedy', 0)).toBeGreaterThan(0);
});

test('a reader has so many waiting places, and gets them back', () => {
  const places = new WaitingPlaces(2);
  expect([places.take('a'), places.take('a'), places.take('a'), places.take('b')]).toEqual([true, true, false, true]);
  places.free('a');
  expect(places.take('a')).toBe(true);
});

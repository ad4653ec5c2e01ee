// Each network has its own budget; a full memory forgets who called longest ago, and nobody else.
import { expect, test } from 'vitest';
import { BoundedMap, NetworkBudget } from '../../src/index.js';
import { NETWORK_FACTOR } from '../../src/network-budget.js';

const rate = { perSecond: 1, burst: 10 };

function taken(budget: NetworkBudget, address: string, nowMs = 0): number {
  let count = 0;
  while (budget.take(address, nowMs) === 0) count++;
  return count;
}

test('an address has its budget, its neighbours have theirs, all of a network have some times as much', () => {
  const budget = new NetworkBudget(rate);
  expect(taken(budget, '10.0.0.1')).toBe(rate.burst);
  expect(taken(budget, '10.0.0.2')).toBe(rate.burst);
  expect(taken(budget, '10.0.1.1')).toBe(rate.burst);
  const all = Array.from({ length: 250 }, (_, at) => taken(budget, `10.0.0.${at + 3}`)).reduce((sum, n) => sum + n, 0);
  expect(all).toBe(rate.burst * NETWORK_FACTOR - 2 * rate.burst);
});

test('the wait is the one after which a call is taken, and trying on costs the neighbours nothing', () => {
  const budget = new NetworkBudget(rate);
  taken(budget, '10.0.0.1');
  for (let count = 0; count < 1000; count++) expect(budget.take('10.0.0.1', 0)).toBeGreaterThan(0);
  expect(taken(budget, '10.0.0.2')).toBe(rate.burst);
  expect(budget.take('10.0.0.1', budget.take('10.0.0.1', 0))).toBe(0);
});

test('loopback is a network like any other', () => {
  const budget = new NetworkBudget(rate);
  expect(taken(budget, '127.0.0.1')).toBe(rate.burst);
  expect(taken(budget, '::1')).toBe(rate.burst);
});

test('more networks than are remembered bring back the budget of the one that was away longest alone', () => {
  const budget = new NetworkBudget(rate, 100);
  taken(budget, '10.0.0.1');
  taken(budget, '10.9.9.9');
  for (let at = 0; at < 99; at++) {
    budget.take(`10.1.${at}.1`, 0);
    expect(budget.take('10.9.9.9', 0), 'it goes on calling').toBeGreaterThan(0);
  }
  expect(budget.take('10.0.0.1', 0), 'forgotten').toBe(0);
});

test('a full map forgets one entry', () => {
  const map = new BoundedMap<{ key: string }>(3);
  for (const key of ['a', 'b', 'c']) map.get(key, () => ({ key }));
  map.get('a', () => ({ key: 'made anew' }));
  map.get('d', () => ({ key: 'd' }));
  expect(map.size).toBe(3);
  expect(map.get('a', () => ({ key: 'made anew' })).key).toBe('a');
  expect(map.get('c', () => ({ key: 'made anew' })).key).toBe('c');
  expect(map.get('b', () => ({ key: 'made anew' })).key).toBe('made anew');
});

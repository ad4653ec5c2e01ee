// How often a node connects to one target, whatever it is told.
import { expect, it } from 'vitest';
import { DialBudget } from '../../src/peer/dial-budget.js';

const MINUTE_MS = 60_000;

it('a place at which the key is not found is tried twice a minute', () => {
  const budget = new DialBudget();
  const dial = (nowMs: number) => budget.begin({ host: '192.0.2.7', port: 80 }, nowMs) !== undefined;
  expect([0, 10, 20, 59_999].map(dial)).toEqual([true, true, false, false]);
  expect([MINUTE_MS, MINUTE_MS + 1, MINUTE_MS + 10, MINUTE_MS + 11].map(dial)).toEqual([true, false, true, false]);
});

it.each([
  ['one address by many ports', (n: number) => ({ host: '192.0.2.7', port: 1 + n })],
  ['the /64 of a household', (n: number) => ({ host: `2001:db8:1:2::${n.toString(16)}`, port: 80 })],
  ['loopback in all its forms', (n: number) => ({ host: n % 2 ? '::1' : `127.0.0.${(n % 200) + 1}`, port: 1 + n })],
])('%s: eight connections that find nobody', (_, placeOf) => {
  const budget = new DialBudget();
  const dials = Array.from({ length: 320 }, (_, number) => budget.begin(placeOf(number), number));
  expect(dials.filter((dial) => dial)).toHaveLength(8);
  expect(budget.begin(placeOf(0), MINUTE_MS + 400)).toBeDefined();
});

it('who is found wanted to be dialled: many peers at one address; but one of them eight times a minute at most', () => {
  const budget = new DialBudget();
  const dial = (port: number, nowMs: number): boolean => {
    const attempt = budget.begin({ host: '192.0.2.7', port }, nowMs);
    if (attempt) attempt.isFound = true;
    return attempt !== undefined;
  };
  expect(Array.from({ length: 400 }, (_, number) => dial(1 + number, 0))).not.toContain(false);
  expect(Array.from({ length: 12 }, () => dial(7, 1)).filter((isMade) => isMade)).toHaveLength(7);
});

it('another target is not meant', () => {
  const budget = new DialBudget();
  for (let number = 0; number < 40; number++) budget.begin({ host: '192.0.2.7', port: number }, 0);
  expect(budget.begin({ host: '192.0.2.8', port: 80 }, 0)).toBeDefined();
  expect(budget.begin({ host: 'seed.example.org', port: 80 }, 0)).toBeDefined();
});

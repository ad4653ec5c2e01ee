// Bytes of bodies: a bound for all and a share for each address, given back when the body is done.

import { isLoopback, networkOf } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { BodyBudget } from '../../../src/http/domain/body-budget.js';

test('one address gets its share only, and all together the whole', () => {
  const budget = new BodyBudget(10);
  expect(budget.hold('a', 6, 6)).toBe(true);
  expect(budget.hold('a', 1, 6)).toBe(false);
  expect(budget.hold('b', 4, 6)).toBe(true);
  expect(budget.hold('c', 1, 6)).toBe(false);
  budget.release('a', 6);
  expect(budget.hold('c', 6, 6)).toBe(true);
  expect(budget.hold('a', 1, 6)).toBe(false);
});

test('addresses: loopback in every spelling, and one network for the IPv6 addresses of a household', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].map(isLoopback)).toEqual([true, true, true, true]);
  expect(['10.0.0.1', '2001:db8::1', '::ffff:10.0.0.1'].map(isLoopback)).toEqual([false, false, false]);
  expect(networkOf('2001:db8:1:2:3::1')).toBe(networkOf('2001:db8:1:2:9::7'));
  expect(networkOf('2001:db8:1:2:3::1')).not.toBe(networkOf('2001:db8:1:3:3::1'));
  expect(networkOf('2001:db8::1')).toBe(networkOf('2001:db8::2:7'));
  expect(networkOf('::1')).toBe('0:0:0:0');
  expect(networkOf('10.0.0.1')).toBe('10.0.0.1');
});

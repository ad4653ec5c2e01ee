// Where hosts come from: which addresses are near one another, and that their names give no address away.

import { siteOf } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { NetworkNames } from '../../../../src/core/hosts/network-names.js';
import { keyOf } from '../../../support/records.js';

test('a network is a /24 or a /48', () => {
  expect(['10.1.2.3', '::ffff:10.1.2.200', '10.1.3.3'].map(siteOf)).toEqual(['10.1.2', '10.1.2', '10.1.3']);
  expect(siteOf('2001:db8:1:2::5')).toBe(siteOf('2001:db8:1:ffff::'));
  expect(siteOf('2001:db8:1::5')).not.toBe(siteOf('2001:db8:2::5'));
  expect(siteOf('::1')).toBe('0:0:0');
  expect(['', 'unknown', '10.1.2'].map(siteOf)).toEqual(['', '', '']);
});

test('names are equal for one network and one coordinator, and hold no address', () => {
  const names = new NetworkNames(keyOf('coordinator'), () => false);
  expect(names.of('10.1.2.3').name).toMatch(/^[0-9a-f]{16}$/);
  expect(names.of('10.1.2.3')).toEqual(names.of('10.1.2.4'));
  expect(names.of('10.1.2.3')).not.toEqual(names.of('10.1.3.3'));
  expect(names.of('10.1.2.3')).not.toEqual(new NetworkNames(keyOf('another'), () => false).of('10.1.2.3'));
  expect(names.of('nowhere'), 'those without an address are one').toEqual({ name: '', number: 1 });
});

test('votes tell networks apart by a number, which the computers of a shared one do not have', () => {
  const names = new NetworkNames(keyOf('coordinator'), (address) => address.startsWith('10.1.'));
  expect(names.of('10.2.2.3').number).toBe(names.of('10.2.2.4').number);
  expect(names.of('10.2.2.3').number).toBeGreaterThan(1);
  expect(Number.isSafeInteger(names.of('10.2.2.3').number)).toBe(true);
  expect(names.of('10.1.2.3').number).toBe(0);
  expect(names.of('10.1.2.3').name, 'what runs out is told apart all the same').not.toBe('');
});

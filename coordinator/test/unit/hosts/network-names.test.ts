// Where hosts come from: which addresses are near one another, and that their names give no address away.

import { siteOf } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { NetworkNames } from '../../../src/hosts/network-names.js';
import { keyOf } from '../../support/records.js';

test('a network is a /24 or a /48', () => {
  expect(['10.1.2.3', '::ffff:10.1.2.200', '10.1.3.3'].map(siteOf)).toEqual(['10.1.2', '10.1.2', '10.1.3']);
  expect(siteOf('2001:db8:1:2::5')).toBe(siteOf('2001:db8:1:ffff::'));
  expect(siteOf('2001:db8:1::5')).not.toBe(siteOf('2001:db8:2::5'));
  expect(siteOf('::1')).toBe('0:0:0');
  expect(['', 'unknown', '10.1.2'].map(siteOf)).toEqual(['', '', '']);
});

test('names are equal for one network and one coordinator, and hold no address', () => {
  const names = new NetworkNames(keyOf('coordinator'));
  expect(names.nameOf('10.1.2.3')).toMatch(/^[0-9a-f]{16}$/);
  expect(names.nameOf('10.1.2.3')).toBe(names.nameOf('10.1.2.4'));
  expect(names.nameOf('10.1.2.3')).not.toBe(names.nameOf('10.1.3.3'));
  expect(names.nameOf('10.1.2.3')).not.toBe(new NetworkNames(keyOf('another')).nameOf('10.1.2.3'));
  expect(names.nameOf('nowhere')).toBe('');
});

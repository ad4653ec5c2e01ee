// Which networks an address belongs to, in every spelling.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { networksOf } from '../../src/index.js';

test('an address of IPv4 shares with its /24, and votes with it', () => {
  expect(networksOf('192.0.2.7')).toEqual({ share: '192.0.2', part: '192.0.2.7', site: '192.0.2' });
  expect(networksOf('::ffff:192.0.2.7')).toEqual(networksOf('192.0.2.7'));
});

test('an address of IPv6 shares with its /56, within it with its /64, and votes with its /48', () => {
  const networks = networksOf('2001:db8:1:ab02::7');
  expect(networks).toEqual({ share: '2001:db8:1:ab', part: '2001:db8:1:ab02', site: '2001:db8:1' });
  expect(networksOf('2001:DB8:1:abff:ffff::1').share).toBe(networks.share);
  expect(networksOf('2001:db8:1:ac02::7').share).not.toBe(networks.share);
  expect(networksOf('2001:db8:1:ac02::7').site).toBe(networks.site);
  expect(networksOf('2001:db8:2:ab02::7').site).not.toBe(networks.site);
});

test('what is no address shares with all else that is none', () => {
  for (const text of ['', 'unknown', '1.2.3', 'a:b']) expect(networksOf(text).share, text).toBe('');
});

test('a part lies in one share, and a share in one site', () => {
  const byte = fc.nat(255);
  const group = fc.nat(0xffff).map((value) => value.toString(16));
  const address = fc.oneof(
    fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.')),
    fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
  );
  fc.assert(
    fc.property(address, address, (left, right) => {
      const [one, other] = [networksOf(left), networksOf(right)];
      if (one.part === other.part) expect(one.share).toBe(other.share);
      if (one.share === other.share) expect(one.site).toBe(other.site);
    }),
  );
});

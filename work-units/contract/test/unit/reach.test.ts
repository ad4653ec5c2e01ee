// From where addresses can be reached, in all the forms that somebody may write them in.
import { overlayAddressAt, overlayPlaceOf, plainAddress, type Reach, reachOf } from '@manyhands/contract';
import { expect, test } from 'vitest';

const ADDRESSES: Record<Reach, string[]> = {
  public: ['8.8.8.8', '172.32.0.1', '100.128.0.1', '192.0.2.2', '2001:db8::1', '2a00:1450::5', '[2A00:1450::5]'],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.7', '100.64.0.1', 'fd00::1', 'fc00::1'],
  loopback: ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:0:0:1'],
  special: [
    ...[
      '0.0.0.0',
      '255.255.255.255',
      '224.0.0.1',
      '240.0.0.1',
      '169.254.1.1',
      '192.0.0.1',
      '198.18.0.1',
      '192.88.99.1',
    ],
    ...['::', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '::127.0.0.1', '100::1'],
    // Another address in disguise.
    ...['64:ff9b::10.0.0.1', '2002:7f00:1::', '2001::1'],
    ...[
      '',
      'localhost',
      'a.example',
      '127.1',
      '0x7f.0.0.1',
      '2130706433',
      '010.0.0.1',
      '1.2.3',
      '1.2.3.4.5',
      '1.2.3.256',
    ],
  ],
};

test.each(Object.entries(ADDRESSES))('%s', (reach, addresses) => {
  for (const address of addresses) expect(reachOf(address), address).toBe(reach);
});

test('an IP address has one form', () => {
  for (const text of ['2001:DB8:0:0::1', '[2001:db8::1]', '2001:db8::0.0.0.1'])
    expect(plainAddress(text)).toBe('2001:db8::1');
  for (const text of ['192.0.2.7', '::ffff:192.0.2.7', '::ffff:c000:207']) expect(plainAddress(text)).toBe('192.0.2.7');
});

test.each([
  ['/ip4/192.0.2.7/tcp/8422', '192.0.2.7', 8422],
  ['/ip6/2001:DB8::1/tcp/1', '2001:db8::1', 1],
] as const)('%s is a place of the overlay', (address, host, port) => {
  expect(overlayPlaceOf(address)).toEqual({ host, port });
  expect(overlayPlaceOf(overlayAddressAt({ host, port }))).toEqual({ host, port });
});

test.each([
  ...['/dns4/localhost/tcp/80', '/dns/a.example/tcp/80', '/ip4/192.0.2.7/udp/80', '/ip4/192.0.2.7/tcp/80/ws'],
  ...['/ip4/192.0.2.7/tcp/0', '/ip4/192.0.2.7/tcp/65536', '/ip4/192.0.2.7/tcp/080', '/ip4/127.1/tcp/80'],
  ...['/ip6/::ffff:127.0.0.1/tcp/80', '/ip6/192.0.2.7/tcp/80', '/ip4/::1/tcp/80', '/unix/tmp/socket', 'nonsense', ''],
])('%s is none', (address) => expect(overlayPlaceOf(address)).toBeUndefined());

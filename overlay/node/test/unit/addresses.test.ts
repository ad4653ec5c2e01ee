// Addresses: what a node announces and which addresses of others it dials.

import type { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import {
  announcedHosts,
  dialableAddresses,
  everywhere,
  isForStrangers,
  isReachableFrom,
  listenHostsOf,
  loopback,
  tcpAddress,
} from '../../src/peer/addresses.js';

type Interfaces = ReturnType<typeof networkInterfaces>;

/** What a machine with these addresses says of itself. */
function machine(...addresses: string[]): Interfaces {
  const list = addresses.map((address) => ({
    address,
    family: address.includes(':') ? 'IPv6' : 'IPv4',
    internal: address === '::1' || address.startsWith('127.'),
  }));
  return { card: list as unknown as NonNullable<Interfaces[string]> };
}

const BOTH = machine('127.0.0.1', '::1', '192.0.2.1', '2001:db8::1', 'fe80::1');
const IPV4_ALONE = machine('127.0.0.1', '192.0.2.1');
const IPV6_ALONE = machine('::1', 'fd00::1', 'fe80::1');

const peerId = '12D3KooWHHTtdPwze2nKtfMiud9PiUoUCPfLxVQLfShByBv621Bw';

describe('addresses', () => {
  it.each([
    ['192.0.2.1', '/ip4/192.0.2.1/tcp/8422'],
    ['::1', '/ip6/::1/tcp/8422'],
    ['[2001:db8::1]', '/ip6/2001:db8::1/tcp/8422'],
    ['seed.example.org', '/dns/seed.example.org/tcp/8422'],
  ])('of %s is %s', (host, address) => {
    expect(tcpAddress(host, 8422)).toBe(address);
  });

  it('announced are the given hosts, else the one listened on, and never the wildcard', () => {
    expect(announcedHosts(['0.0.0.0'], ['seed.example.org'])).toEqual(['seed.example.org']);
    expect(announcedHosts(['127.0.0.1'], [])).toEqual(['127.0.0.1']);
    expect(announcedHosts(['0.0.0.0', '::'], [])).not.toContain('0.0.0.0');
    expect(announcedHosts(['0.0.0.0'], []).length).toBeGreaterThan(0);
  });

  it.each([
    ['both kinds', BOTH, ['0.0.0.0', '::'], ['192.0.2.1', '2001:db8::1'], '127.0.0.1'],
    ['IPv4 alone', IPV4_ALONE, ['0.0.0.0'], ['192.0.2.1'], '127.0.0.1'],
    ['IPv6 alone', IPV6_ALONE, ['::'], ['fd00::1'], '::1'],
    ['no network', machine('127.0.0.1', '::1'), ['0.0.0.0', '::'], ['127.0.0.1', '::1'], '127.0.0.1'],
    ['no network, IPv6 alone', machine('::1'), ['::'], ['::1'], '::1'],
    ['nothing at all', machine(), ['0.0.0.0'], ['127.0.0.1'], '127.0.0.1'],
  ])(
    'a machine with %s listens on all that it has, and announces what others can reach',
    (_, interfaces, listens, announces, own) => {
      expect(everywhere(interfaces)).toEqual(listens);
      expect(announcedHosts(listens, [], interfaces)).toEqual(announces);
      expect(loopback(interfaces)).toBe(own);
    },
  );

  it('announced are some of many addresses', () => {
    const many = machine(...Array.from({ length: 20 }, (_, number) => `2001:db8::${number + 1}`));
    expect(announcedHosts(['::'], [], many)).toHaveLength(4);
  });

  it('`::` means both kinds; any other address itself, without brackets', () => {
    expect(listenHostsOf('::')).toEqual(everywhere());
    expect(listenHostsOf('[::1]')).toEqual(['::1']);
    expect(listenHostsOf('0.0.0.0')).toEqual(['0.0.0.0']);
  });

  it('dialled are plain TCP ones only, bound to the identity', () => {
    const addresses = ['/ip4/192.0.2.1/tcp/1', 'nonsense', '/ip4/192.0.2.1/udp/1', '/dns/a.example/tcp/2'];
    expect(dialableAddresses({ peerId, addresses: ['/unix/tmp/socket'] })).toEqual([]);
    expect(dialableAddresses({ peerId, addresses }).map(String)).toEqual([
      `/ip4/192.0.2.1/tcp/1/p2p/${peerId}`,
      `/dns/a.example/tcp/2/p2p/${peerId}`,
    ]);
  });

  it('beyond a bound are ignored', () => {
    const addresses = Array.from({ length: 100 }, (_, port) => `/ip4/192.0.2.1/tcp/${port + 1}`);
    expect(dialableAddresses({ peerId, addresses })).toHaveLength(4);
  });

  it('of strangers: no names, nothing special, and this machine itself only where peers are expected', () => {
    const allowed = (host: string) =>
      [true, false].map((listensOnLoopback) => isForStrangers(host, { listensOnLoopback }));
    for (const host of ['192.0.2.1', '10.0.0.1', '2001:db8::1', 'fd00::1'])
      expect(allowed(host), host).toEqual([true, true]);
    for (const host of ['127.0.0.1', '::1']) expect(allowed(host), host).toEqual([true, false]);
    for (const host of ['a.example', 'localhost', '0.0.0.0', '169.254.0.1', 'ff02::1', '64:ff9b::1'])
      expect(allowed(host), host).toEqual([false, false]);
  });

  it('an address of one kind reaches that kind', () => {
    expect(isReachableFrom(null, '192.0.2.1')).toBe(true);
    expect(isReachableFrom('10.0.0.1', '192.0.2.1')).toBe(true);
    expect(isReachableFrom('10.0.0.1', '2001:db8::1')).toBe(false);
    expect(isReachableFrom('10.0.0.1', 'a.example')).toBe(true);
  });
});

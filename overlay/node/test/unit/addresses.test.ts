// Addresses: what a node announces and which addresses of others it dials.
import { describe, expect, it } from 'vitest';
import { announcedHosts, dialableAddresses, tcpAddress } from '../../src/peer/addresses.js';

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
    expect(announcedHosts('0.0.0.0', ['seed.example.org'])).toEqual(['seed.example.org']);
    expect(announcedHosts('127.0.0.1', [])).toEqual(['127.0.0.1']);
    expect(announcedHosts('0.0.0.0', [])).not.toContain('0.0.0.0');
    expect(announcedHosts('0.0.0.0', []).length).toBeGreaterThan(0);
  });

  it('dialled are plain TCP ones only, bound to the identity', () => {
    const addresses = [
      '/ip4/192.0.2.1/tcp/1',
      'nonsense',
      '/ip4/192.0.2.1/udp/1',
      '/dns/a.example/tcp/2',
      '/unix/tmp/socket',
    ];
    expect(dialableAddresses({ peerId, addresses }).map(String)).toEqual([
      `/ip4/192.0.2.1/tcp/1/p2p/${peerId}`,
      `/dns/a.example/tcp/2/p2p/${peerId}`,
    ]);
  });

  it('beyond a bound are ignored', () => {
    const addresses = Array.from({ length: 100 }, (_, port) => `/ip4/192.0.2.1/tcp/${port + 1}`);
    expect(dialableAddresses({ peerId, addresses })).toHaveLength(8);
  });
});

// Where a node listens and what it tells others: libp2p multiaddresses from hosts and ports, and back.
import { isIP, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { bareHost, isIpv6, type OverlayNode, reachOf } from '@manyhands/contract';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';

/** Addresses of one peer that are tried; more are ignored. */
const ADDRESSES_TRIED_MAXIMUM = 4;
/** A machine may have many addresses of IPv6, of which others try only so many. */
const ANNOUNCED_PER_FAMILY_MAXIMUM = 4;

/** `/ip4/…/tcp/…`, `/ip6/…` or `/dns/…`, by what the host looks like. */
export function tcpAddress(host: string, port: number): string {
  const bare = bareHost(host);
  if (isIPv4(bare)) return `/ip4/${bare}/tcp/${port}`;
  if (isIpv6(bare)) return `/ip6/${bare}/tcp/${port}`;
  return `/dns/${bare}/tcp/${port}`;
}

type Interfaces = ReturnType<typeof networkInterfaces>;

/** Every address of this machine, where it has both kinds of them; a wildcard of a kind that it does not have cannot be listened on. */
export function everywhere(interfaces: Interfaces = networkInterfaces()): string[] {
  const all = addressesOf(interfaces);
  const has = (family: 'IPv4' | 'IPv6'): boolean => all.some((address) => address.family === family);
  return [...(has('IPv4') || !has('IPv6') ? ['0.0.0.0'] : []), ...(has('IPv6') ? ['::'] : [])];
}

/** Which hosts to listen on for the one that was named: `::` is meant as all addresses of both kinds, as servers of HTTP take it. */
export function listenHostsOf(host: string): string[] {
  return bareHost(host) === '::' ? everywhere() : [bareHost(host)];
}

/** The loopback address of this machine: a computer may have that of IPv6 alone. */
export function loopback(interfaces: Interfaces = networkInterfaces()): '127.0.0.1' | '::1' {
  const all = addressesOf(interfaces);
  return all.some(({ address }) => address === '127.0.0.1') || all.every(({ address }) => address !== '::1')
    ? '127.0.0.1'
    : '::1';
}

/** What a node announces: the hosts it was told, else those it listens on, wildcards as every address of this machine. */
export function announcedHosts(
  listenHosts: readonly string[],
  announceHosts: readonly string[],
  interfaces: Interfaces = networkInterfaces(),
): string[] {
  if (announceHosts.length > 0) return [...announceHosts];
  return listenHosts.flatMap((host) => {
    if (host !== '0.0.0.0' && host !== '::') return [host];
    const family = host === '::' ? 'IPv6' : 'IPv4';
    const outside = addressesOf(interfaces).filter((address) => address.family === family && isForOthers(address));
    const hosts = outside.slice(0, ANNOUNCED_PER_FAMILY_MAXIMUM).map(({ address }) => address);
    return hosts.length > 0 ? hosts : [family === 'IPv6' ? '::1' : '127.0.0.1'];
  });
}

type Address = NonNullable<Interfaces[string]>[number];

function addressesOf(interfaces: Interfaces): Address[] {
  return Object.values(interfaces).flatMap((addresses) => addresses ?? []);
}

/** Link-local ones mean nothing without the name of a network card. */
function isForOthers({ internal, address }: Address): boolean {
  return !internal && !/^fe[89ab]/i.test(address);
}

/** The addresses of a peer that this node may dial: plain TCP ones, bound to the peer's identity. */
export function dialableAddresses(node: OverlayNode): Multiaddr[] {
  return node.addresses.slice(0, ADDRESSES_TRIED_MAXIMUM).flatMap((text) => {
    try {
      const address = multiaddr(text);
      const names = address.getComponents().map(({ name }) => name);
      const isTcp = names.length === 2 && /^(ip4|ip6|dns|dns4|dns6)$/.test(names[0] ?? '') && names[1] === 'tcp';
      return isTcp ? [address.encapsulate(`/p2p/${node.peerId}`)] : [];
    } catch {
      return []; // not a multiaddress: peers announce what they like
    }
  });
}

/** Host and port of a TCP multiaddress. */
export function dialPlaceOf(address: Multiaddr): { host: string; port: number } {
  const [host, tcp] = address.getComponents();
  return { host: host?.value ?? '', port: Number(tcp?.value) };
}

/**
 * Whether this node may be sent to a host by what a stranger announced. Never by a name, which may lead anywhere, nor to an address of no single machine;
 * to this machine itself only when peers are expected there.
 */
export function isForStrangers(host: string, { listensOnLoopback }: { listensOnLoopback: boolean }): boolean {
  const reach = reachOf(host);
  return reach === 'loopback' ? listensOnLoopback : reach !== 'special';
}

/** A connection from an address of one kind reaches only addresses of that kind; for a name this is found out on the way. */
export function isReachableFrom(localAddress: string | null, host: string): boolean {
  return localAddress === null || isIP(host) === 0 || isIP(host) === isIP(localAddress);
}

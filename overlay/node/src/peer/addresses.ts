// Where a node listens and what it tells others: libp2p multiaddresses from hosts and ports, and back.
import { isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { OverlayNode } from '@manyhands/contract';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';

/** Addresses of one peer that are tried; more are ignored. */
const ADDRESSES_TRIED_MAXIMUM = 8;

/** `/ip4/…/tcp/…`, `/ip6/…` or `/dns/…`, by what the host looks like. */
export function tcpAddress(host: string, port: number): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (isIPv4(bare)) return `/ip4/${bare}/tcp/${port}`;
  if (isIPv6(bare)) return `/ip6/${bare}/tcp/${port}`;
  return `/dns/${bare}/tcp/${port}`;
}

/** What a node announces: the hosts it was told, else the one it listens on, else every address of this machine. */
export function announcedHosts(listenHost: string, announceHosts: readonly string[]): string[] {
  if (announceHosts.length > 0) return [...announceHosts];
  if (listenHost !== '0.0.0.0' && listenHost !== '::') return [listenHost];
  const outside = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
  );
  return outside.length > 0 ? outside : ['127.0.0.1'];
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

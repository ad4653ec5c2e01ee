// What a peer's address says of who it is, for bounds that are counted per address.
import { isIPv4, isIPv6 } from 'node:net';

/** Demos, tests and local tools run many hosts behind one loopback address. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
}

/** One household has a whole /64 of IPv6 addresses. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  return groupsOf(address).slice(0, 4).join(':');
}

/** Addresses that are likely to be near one another: a /24 of IPv4, a /48 of IPv6. Empty for what is no address. */
export function siteOf(address: string): string {
  const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  if (isIPv4(plain)) return plain.split('.').slice(0, 3).join('.');
  return isIPv6(plain) ? groupsOf(plain).slice(0, 3).join(':') : '';
}

function groupsOf(address: string): string[] {
  const [head = '', tail = ''] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const tailCount = tail === '' ? 0 : tail.split(':').length;
  const zeros = address.includes('::') ? Array(8 - groups.length - tailCount).fill('0') : [];
  return [...groups, ...zeros, ...tail.split(':')];
}

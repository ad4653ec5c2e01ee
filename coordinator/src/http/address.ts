// What a peer's address says of who it is, for bounds that are counted per address.
import { isIPv6 } from 'node:net';

/** Demos, tests and local tools run many hosts behind one loopback address. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
}

/** One household has a whole /64 of IPv6 addresses. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const tailCount = tail === '' ? 0 : tail.split(':').length;
  const zeros = address.includes('::') ? Array(8 - groups.length - tailCount).fill('0') : [];
  return [...groups, ...zeros, ...tail.split(':')].slice(0, 4).join(':');
}

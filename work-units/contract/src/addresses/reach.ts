// From where an IP address can be reached: what is passed on to whom, and what nobody may be sent to, depends on it. By the registries of special addresses of IANA.
import { groupsOf, plainAddress } from './ip-address.js';

/** `special`: of no single machine, or another address in disguise (of a translator or tunnel); nothing is ever sent there on the word of somebody else. */
export type Reach = 'public' | 'private' | 'loopback' | 'special';

/** Addresses for documentation count as public: they lead nowhere. What is no address is `special`. */
export function reachOf(address: string): Reach {
  const plain = plainAddress(address);
  if (plain === '') return 'special';
  return plain.includes(':') ? reachOfIpv6(plain) : reachOfIpv4(plain);
}

function reachOfIpv4(plain: string): Reach {
  const [first = 0, second = 0, third = 0] = plain.split('.').map(Number);
  if (first === 127) return 'loopback';
  const isShared = first === 100 && second >= 64 && second < 128; // behind the translator of a carrier
  if (first === 10 || isShared) return 'private';
  if ((first === 172 && second >= 16 && second < 32) || (first === 192 && second === 168)) return 'private';
  const isLinkLocal = first === 169 && second === 254;
  const isOfProtocols = first === 192 && ((second === 0 && third === 0) || (second === 88 && third === 99));
  const isForBenchmarks = first === 198 && (second === 18 || second === 19);
  return first === 0 || first >= 224 || isLinkLocal || isOfProtocols || isForBenchmarks ? 'special' : 'public';
}

function reachOfIpv6(plain: string): Reach {
  if (plain === '::1') return 'loopback';
  const [first = 0, second = 0] = groupsOf(plain).map((group) => Number.parseInt(group, 16));
  if ((first & 0xfe00) === 0xfc00) return 'private';
  const isGivenOut = (first & 0xe000) === 0x2000; // 2000::/3
  const isTunnel = first === 0x2002 || (first === 0x2001 && second === 0); // 6to4 and Teredo carry an IPv4 address
  return isGivenOut && !isTunnel ? 'public' : 'special';
}

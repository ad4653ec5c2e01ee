// IP addresses as text: which family, which network, and how they stand in an address. Browser-safe: URL knows their forms.

/** Without the brackets of an address, and without the zone that only its own machine understands. */
export function bareHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
}

export function isIpv6(host: string): boolean {
  return host.includes(':') && URL.canParse(`http://[${host}]/`);
}

/** A host as it stands before a port: IPv6 in brackets. */
export function bracketed(host: string): string {
  return isIpv6(host) ? `[${host}]` : host;
}

/** `127.0.0.1:8420`, `[::1]:8420`. */
export function placeOf(host: string, port: number | string): string {
  return `${bracketed(host)}:${port}`;
}

/** An IPv4 address that a socket of both families shows as `::ffff:192.0.2.1` is that address. */
function unmapped(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

/** Whether an address or the host of a URL is this machine itself: demos, tests and local tools run many hosts behind it. */
export function isLoopback(host: string): boolean {
  const address = unmapped(bareHost(host));
  return address === 'localhost' || address === '::1' || /^127(\.\d+){3}$/.test(address);
}

/** Whom a bound per address counts: one IPv4 address, or the /64 of IPv6 addresses that a household has. */
export function networkOf(address: string): string {
  const plain = unmapped(bareHost(address));
  return isIpv6(plain) ? groupsOf(plain).slice(0, 4).join(':') : plain;
}

/** Addresses that are likely to be near one another: a /24 of IPv4, a /48 of IPv6. Empty for what is no address. */
export function siteOf(address: string): string {
  const plain = unmapped(bareHost(address));
  if (/^\d+(\.\d+){3}$/.test(plain)) return plain.split('.').slice(0, 3).join('.');
  return isIpv6(plain) ? groupsOf(plain).slice(0, 3).join(':') : '';
}

const IPV4_PART = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${IPV4_PART}(?:\\.${IPV4_PART}){3}$`);

/** An IP address in its one form: IPv6 short and in lower case, an IPv4 address that stands in IPv6 as itself. Empty for what is none. */
export function plainAddress(text: string): string {
  const bare = unmapped(bareHost(text));
  if (IPV4.test(bare)) return bare;
  if (!isIpv6(bare)) return '';
  const groups = groupsOf(bare);
  if (groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff')
    return groups.slice(6).flatMap(bytesOf).join('.');
  return bareHost(new URL(`http://[${bare}]/`).hostname);
}

function bytesOf(group: string): [number, number] {
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}

/** The eight groups of an IPv6 address, as hexadecimal numbers without leading zeros. */
export function groupsOf(plain: string): string[] {
  // URL writes them in one form: lower case, no IPv4 in them, zeros left out at one place at most.
  const [head = '', tail] = bareHost(new URL(`http://[${plain}]/`).hostname).split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array<string>(8 - first.length - last.length).fill('0');
  return [...first, ...zeros, ...last];
}

// Which networks an address belongs to: the one place that knows how large each of them is.
import { networkOf, siteOf } from '@manyhands/contract';

export type Networks = {
  /** Among these, places and rates are shared out: the /24 of an IPv4 address, the /56 of an IPv6 address, which one line has at most. */
  readonly share: string;
  /** Within it: one address of IPv4, one /64 of IPv6. */
  readonly part: string;
  /** Where equal votes count once: /24 of IPv4, /48 of IPv6. */
  readonly site: string;
};

/** The networks of an address; what is no address is in one network with all others that are none. */
export function networksOf(address: string): Networks {
  const part = networkOf(address);
  const site = siteOf(address);
  return { share: site.includes(':') ? lineOf(part) : site, part, site };
}

/** The /56 of a /64 that is written as its four groups. */
function lineOf(part: string): string {
  const [first, second, third, fourth = '0'] = part.split(':');
  return [first, second, third, (Number.parseInt(fourth, 16) >> 8).toString(16)].join(':');
}

// Where an overlay node listens, as a multiaddress of the one kind that hosts announce: an IP address and a TCP port. Names are left to those who run a coordinator.
import { isIpv6, plainAddress } from './ip-address.js';

const PORT_MAXIMUM = 65_535;

/** `host`: an IP address in its one form. */
export type OverlayPlace = { readonly host: string; readonly port: number };

/** `/ip4/192.0.2.1/tcp/8422` or `/ip6/…`; undefined for anything else. */
export function overlayPlaceOf(address: string): OverlayPlace | undefined {
  const [, family, text = '', digits] = /^\/(ip4|ip6)\/([0-9a-f.:]+)\/tcp\/([1-9]\d{0,4})$/i.exec(address) ?? [];
  const host = plainAddress(text);
  const port = Number(digits);
  if (host === '' || port > PORT_MAXIMUM || isIpv6(host) !== (family === 'ip6')) return undefined;
  return { host, port };
}

export function overlayAddressAt({ host, port }: OverlayPlace): string {
  return `/${isIpv6(host) ? 'ip6' : 'ip4'}/${host}/tcp/${port}`;
}

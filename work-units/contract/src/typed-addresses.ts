// Addresses as people type them: of a coordinator, and of what to listen on. The one place for all commands and options.

import { bareHost, isIpv6 } from './addresses/ip-address.js';
import { ManyhandsError } from './errors/manyhands-error.js';

const PORT_MAXIMUM = 65_535;
const HTTPS_PORT = '443';
const LOOKS_LIKE = 'It should look like https://hands.example.org, http://127.0.0.1:8420 or [::1]:8420';

/**
 * `https://hands.example.org`, `127.0.0.1:8420`, `[::1]:8420`, `::1`, `localhost`, `hands.example.org/below`: scheme, host, port and path alone.
 * Without a scheme it is http, but https for port 443. Throws MH-GEN-009.
 */
export function coordinatorAddress(text: string): URL {
  const typed = text.trim();
  const why = faultOf(typed);
  const full = withScheme(typed);
  if (why === undefined && /^https?:\/\/[^\s]+$/i.test(full) && URL.canParse(full)) {
    const { origin, pathname, port } = new URL(full);
    if (port !== '0') return new URL(pathname, origin);
  }
  throw new ManyhandsError('MH-GEN-009', {
    message: `"${text}" is not the address of a coordinator${why === undefined ? '' : `: ${why}`}. ${LOOKS_LIKE}.`,
    meta: { url: text.slice(0, 200) },
  });
}

/** The same as text, without a slash at its end: what paths of calls are added to. Throws MH-GEN-009. */
export function coordinatorUrlOf(text: string): string {
  return coordinatorAddress(text).href.replace(/\/+$/, '');
}

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;

function withScheme(typed: string): string {
  if (SCHEME.test(typed)) return typed;
  const host = isIpv6(typed) ? `[${typed}]` : typed;
  const port = /^(?:\[[^\]]*\]|[^:/]*):(\d+)(?:\/|$)/.exec(host)?.[1];
  return `${port === HTTPS_PORT ? 'https' : 'http'}://${host}`;
}

/** What is wrong, where more can be said than that it is no address. */
function faultOf(typed: string): string | undefined {
  const scheme = SCHEME.exec(typed)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return `${scheme}:// leads elsewhere`;
  if (/^https?[:/]+(?!\/)/i.test(typed) && scheme === undefined) return 'after http or https come "://"';
  const rest = typed.replace(SCHEME, '');
  if (/^\[[^\]]*%/.test(rest)) return 'a zone (%) names a network card of one computer; name the address alone';
  return isAmbiguous(rest) ? bracketsWanted(rest) : undefined;
}

/** `::1:8420` is an address of IPv6 as a whole, but hardly meant as one; `::1:12345` is none. */
function isAmbiguous(text: string): boolean {
  return isIpv6(partsOf(text).host);
}

function partsOf(text: string): { host: string; port: string } {
  const [, host = '', port = ''] = /^(.*):(\d{4,5})$/.exec(text) ?? [];
  return { host, port };
}

function bracketsWanted(text: string): string {
  const { host, port } = partsOf(text);
  return `an IPv6 address stands in brackets before a port, as in [${host}]:${port}`;
}

/** A host to listen on, as in `0.0.0.0`, `::`, `[::1]`, `localhost`: without brackets. `option`: how people know it. Throws MH-GEN-009. */
export function listenHost(text: string, option: string): string {
  const host = bareHost(text.trim());
  if (isIpv6(host) || isName(host)) return host;
  throw new ManyhandsError('MH-GEN-009', {
    message: `${option} must be an address or a name of this computer, as in 127.0.0.1, ::1 or :: (all of them), not "${text}".`,
  });
}

/** `host:port` to listen on, as in `0.0.0.0:8430` or `[::]:8430`. Throws MH-GEN-009. */
export function listenAddress(text: string, option: string): { host: string; port: number } {
  const typed = text.trim();
  const [, host = '', digits = ''] = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(typed) ?? [];
  const bare = bareHost(host);
  const port = Number(digits);
  const isHost = host.startsWith('[') ? isIpv6(bare) : isName(bare);
  if (digits !== '' && isHost && port <= PORT_MAXIMUM) return { host: bare, port };
  const hint = isIpv6(partsOf(typed).host) ? `: ${bracketsWanted(typed)}` : '';
  throw new ManyhandsError('MH-GEN-009', {
    message: `${option} must be host:port, as in 0.0.0.0:8430 or [::]:8430, not "${text}"${hint}.`,
  });
}

/** An IPv4 address or the name of a computer. */
function isName(host: string): boolean {
  if (!/^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(host)) return false;
  return URL.canParse(`http://${host}/`);
}

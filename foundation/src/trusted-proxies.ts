// Who calls: the address of the connection, or what proxies that we trust say of it. One header is read and no other, from the right: what stands
// left of the first address that is no trusted proxy was written by somebody whom nobody vouches for.
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { bareHost } from '@manyhands/contract';
import type { AddressRanges } from './address-ranges.js';

export const PROXY_HEADERS = ['x-forwarded-for', 'forwarded'] as const;
export type ProxyHeader = (typeof PROXY_HEADERS)[number];
export type ProxyRules = {
  readonly trustedProxies: AddressRanges;
  /** The one header that they set. */
  readonly proxyHeader: ProxyHeader;
};

/** The address of the caller; empty when the connection is gone. */
export function callerOf(remoteAddress: string | undefined, headers: IncomingHttpHeaders, rules: ProxyRules): string {
  let caller = remoteAddress ?? '';
  if (!rules.trustedProxies.has(caller)) return caller;
  const named = namedIn(headers[rules.proxyHeader], rules.proxyHeader);
  for (const text of named.reverse()) {
    const address = addressIn(text);
    if (address === undefined) return caller; // the proxy hides or does not know it
    caller = address;
    if (!rules.trustedProxies.has(caller)) return caller;
  }
  return caller;
}

function namedIn(value: string | string[] | undefined, header: ProxyHeader): string[] {
  const text = Array.isArray(value) ? value.join(',') : (value ?? '');
  if (text.trim() === '') return [];
  return header === 'forwarded' ? partsOf(text, ',').map(forIn) : text.split(',');
}

/** The `for` of one element of `Forwarded` (RFC 7239). */
function forIn(element: string): string {
  for (const pair of partsOf(element, ';')) {
    const value = /^\s*for\s*=\s*(.*?)\s*$/is.exec(pair)?.[1];
    if (value !== undefined) return value.replace(/^"(.*)"$/s, '$1').replace(/\\(.)/gs, '$1');
  }
  return '';
}

/** Cuts a text at a sign, but not inside quotes. */
function partsOf(text: string, sign: ',' | ';'): string[] {
  const parts: string[] = [];
  let isQuoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (isQuoted && text[at] === '\\') at++;
    else if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === sign && !isQuoted) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`; undefined for anything else. */
function addressIn(text: string): string | undefined {
  const typed = text.trim();
  const host = /^(\[[^\]]+\]|[^:]+):\d{1,5}$/.exec(typed)?.[1] ?? typed;
  const address = bareHost(host);
  return isIP(address) === 0 ? undefined : address;
}

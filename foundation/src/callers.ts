// Who calls a process, for all that its listeners count by address: one instance a process, made from what its operator said of proxies.
import type { IncomingMessage } from 'node:http';
import { isLoopback } from '@manyhands/contract';
import { addressRanges } from './address-ranges.js';
import { callerOf, type ProxyHeader, type ProxyRules } from './trusted-proxies.js';

export type CallerOptions = {
  /** Addresses and ranges, as in `127.0.0.1`, `10.0.0.0/8`. */
  readonly trustedProxies: readonly string[];
  /** The one header that they set. */
  readonly proxyHeader: ProxyHeader;
  /** Whether nothing is bounded for callers on this machine. */
  readonly exemptLoopback: boolean;
};

/** What is read of a call. */
export type Call = Pick<IncomingMessage, 'headers' | 'socket'>;

export class Callers {
  private readonly rules: ProxyRules;
  /** Of calls under way: a socket that is gone knows its address no more. */
  private readonly known = new WeakMap<Call, string>();

  /** Throws MH-GEN-009 for what is no address and no range. */
  constructor(private readonly options: CallerOptions) {
    const { trustedProxies, proxyHeader } = options;
    this.rules = { trustedProxies: addressRanges(trustedProxies, 'Trusted proxies'), proxyHeader };
  }

  /** The address that a call comes from; empty when its connection was gone before anybody asked. */
  of(call: Call): string {
    const known = this.known.get(call);
    if (known !== undefined) return known;
    const address = callerOf(call.socket.remoteAddress, call.headers, this.rules);
    this.known.set(call, address);
    return address;
  }

  /** Whether nothing is bounded for an address. */
  isExempt(address: string): boolean {
    return this.options.exemptLoopback && isLoopback(address);
  }
}

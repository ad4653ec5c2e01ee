// The addresses under which others reach this coordinator, known once its ports are.
import { networkInterfaces } from 'node:os';
import { bracketed } from '@manyhands/contract';
import type { CheckedOptions } from './options.js';

const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

export class PublicAddress {
  #port = 0;

  constructor(private readonly options: CheckedOptions) {}

  /** Called once the HTTP server listens. */
  setPort(port: number): void {
    this.#port = port;
  }

  get port(): number {
    return this.#port;
  }

  /** The host name or address that others use. */
  get hostname(): string {
    const { publicUrl, host } = this.options;
    if (publicUrl) return new URL(publicUrl).hostname;
    return bracketed(ANY_ADDRESS.has(host) ? firstAddressFor(host) : host);
  }

  /** The hosts that the overlay's seed tells others; none: all on which it listens. */
  get announcedHosts(): string[] {
    const { publicUrl, host } = this.options;
    return publicUrl || !ANY_ADDRESS.has(host) ? [this.hostname] : [];
  }

  get url(): string {
    return trimmed(this.options.publicUrl) ?? `http://${this.hostname}:${this.#port}`;
  }

  get webSocketUrl(): string {
    return `${this.url.replace(/^http/, 'ws')}/api/v1/worker`;
  }

  gatewayUrl(gatewayPort: number): string {
    return trimmed(this.options.publicGatewayUrl) ?? `http://${this.hostname}:${gatewayPort}`;
  }
}

function trimmed(url: string | undefined): string | undefined {
  return url?.replace(/\/+$/, '');
}

/** An address of this machine that is reached where it listens everywhere: from outside if it has such a one, of IPv4 if it may be. */
function firstAddressFor(host: string, interfaces = networkInterfaces()): string {
  const families = host === '::' ? ['IPv4', 'IPv6'] : ['IPv4'];
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  const usable = all.filter(({ family, address }) => families.includes(family) && !/^fe[89ab]/i.test(address));
  const inOrder = [false, true].flatMap((isInternal) =>
    families.flatMap((wanted) => usable.filter(({ internal, family }) => internal === isInternal && family === wanted)),
  );
  return inOrder[0]?.address ?? '127.0.0.1';
}

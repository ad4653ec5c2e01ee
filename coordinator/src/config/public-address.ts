// The addresses under which others reach this coordinator, known once its ports are.
import { networkInterfaces } from 'node:os';
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
    return ANY_ADDRESS.has(host) ? (firstOutsideAddress() ?? '127.0.0.1') : bracketed(host);
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

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function firstOutsideAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
}

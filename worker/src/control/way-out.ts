// The way out of this computer that all connections of a worker take: whichever the system chooses, or from one of its addresses.
import { createServer, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { bareHost, isIpv6, ManyhandsError } from '@manyhands/contract';

export type WayOut = {
  /** Calls over HTTP. */
  readonly fetch: typeof fetch;
  /** As `net.connect` takes them. */
  readonly socketOptions: { readonly localAddress?: string; readonly family?: number };
  /** Ends its connections over HTTP. */
  close(): Promise<void>;
};

export const ANY_WAY_OUT: WayOut = {
  fetch: (input, init) => fetch(input, init),
  socketOptions: {},
  close: async () => {},
};

/** `localAddress`: an address of this computer, or null. Throws MH-GEN-009 when it has no such address, or none of the kind of the coordinator's. */
export async function wayOut(localAddress: string | null, coordinatorUrl: string): Promise<WayOut> {
  if (localAddress === null) return ANY_WAY_OUT;
  const family = isIP(localAddress);
  const host = bareHost(new URL(coordinatorUrl).hostname);
  if (isIP(host) !== 0 && isIP(host) !== family)
    throw new ManyhandsError('MH-GEN-009', {
      message: `--local-address ${localAddress} is of ${kindOf(localAddress)}, and ${host} of ${kindOf(host)}: neither reaches the other.`,
    });
  await requireOwn(localAddress);
  // Loaded only here: the platform's own `fetch` does not let its callers choose an address.
  const undici = await import('undici');
  const agent = new undici.Agent({ localAddress, connect: { family, autoSelectFamily: false } });
  const from = (input: unknown, init: unknown): unknown =>
    undici.fetch(input as Parameters<typeof undici.fetch>[0], { ...(init as object), dispatcher: agent });
  return {
    fetch: from as typeof fetch,
    socketOptions: { localAddress, family },
    close: () => agent.destroy(),
  };
}

/** The system knows best: all of 127.0.0.0/8 may be this computer, though only one address of it is listed. */
async function requireOwn(localAddress: string): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen({ host: localAddress, port: 0 }, resolve),
    );
  } catch (cause) {
    const has = Object.values(networkInterfaces()).flatMap((card) => (card ?? []).map(({ address }) => address));
    const message = `This computer has no address ${localAddress} (--local-address). It has ${[...new Set(has)].join(', ')}.`;
    throw new ManyhandsError('MH-GEN-009', { message, meta: { localAddress }, cause });
  } finally {
    server.close();
  }
}

function kindOf(address: string): string {
  return isIpv6(address) ? 'IPv6' : 'IPv4';
}

// The libp2p node under a peer: which transports, encryption and limits. New transports (WebRTC, WebSockets, relays) and services (DHT, gossip) join here.

import { isIP } from 'node:net';
import { privateKeyFromRaw } from '@libp2p/crypto/keys';
import { identify } from '@libp2p/identify';
import type { ConnectionGater, Libp2p } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { ping } from '@libp2p/ping';
import { tcp } from '@libp2p/tcp';
import { tls } from '@libp2p/tls';
import { yamux } from '@libp2p/yamux';
import { bareHost, isIpv6, keyPairOfSeed, ManyhandsError } from '@manyhands/contract';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { announcedHosts, tcpAddress } from './addresses.js';
import { inboundGates } from './inbound.js';

export type Role = 'worker' | 'seed';
export type PeerNodeOptions = {
  /** 32 bytes: the seed of the overlay's own Ed25519 key. */
  keySeed: Uint8Array;
  /** At least one; wildcards are of one kind of address each (see `everywhere`). */
  listenHosts: string[];
  /** 0: any free port, for each of the hosts another one. */
  listenPort: number;
  /** Hosts under which others reach this node; empty: where it listens. */
  announceHosts: string[];
  role: Role;
  /** Connections of peers that came by themselves; default: 100 of a worker, 1,000 of a seed. */
  connectionsMaximum?: number;
  /** The address of this machine that connections to others come from; null or left out: whichever the system takes. */
  localAddress?: string | null;
};

/** 2 MiB lets a stream start at full speed over 100 ms of round trip; it grows to 16 MiB. */
const YAMUX = { streamOptions: { initialStreamWindowSize: 2 * 1024 * 1024, maxStreamWindowSize: 16 * 1024 * 1024 } };
const CONNECTIONS_MAXIMUM: Readonly<Record<Role, number>> = { worker: 100, seed: 1000 };
/** The library's 5 a second per address refuse the hosts behind one campus or carrier address. */
const INBOUND_PER_SECOND = 200;
/** Connections that this node opens itself, and those that are being closed: they are not among the places. */
const OTHER_CONNECTIONS_MAXIMUM = 200;
const ADDRESS_DIAL_TIMEOUT_MS = 8_000;

/** Starts a libp2p node and tells its addresses. Throws MH-GEN-006 (port in use) and MH-GEN-009 (no such address here, no right to the port). */
export async function startLibp2p(
  options: PeerNodeOptions,
  dependencies: { gater: ConnectionGater },
): Promise<{ libp2p: Libp2p; addresses: string[] }> {
  const hosts = announcedHosts(options.listenHosts, options.announceHosts);
  // Announced addresses are set by us, because libp2p announces no public one that nobody has verified; the port is known once the node listens.
  const announced: Multiaddr[] = [];
  const connectionsMaximum = options.connectionsMaximum ?? CONNECTIONS_MAXIMUM[options.role];
  const libp2p = await createLibp2p({
    // With the public key that the system's own code makes of the seed: the library's is slow at that, and every start waits for it.
    privateKey: privateKeyFromRaw(Buffer.concat([options.keySeed, keyPairOfSeed(options.keySeed).publicKey])),
    addresses: {
      listen: options.listenHosts.map((host) => tcpAddress(host, options.listenPort)),
      announceFilter: () => announced,
    },
    transports: [tcp({ dialOpts: dialOptionsOf(options) })],
    connectionEncrypters: [tls(), noise()], // tls first: 1.4 times as fast on Node
    streamMuxers: [yamux(YAMUX)],
    services: { identify: identify(), ping: ping() },
    connectionManager: {
      maxConnections: connectionsMaximum + OTHER_CONNECTIONS_MAXIMUM,
      inboundConnectionThreshold: INBOUND_PER_SECOND,
      maxIncomingPendingConnections: Number.MAX_SAFE_INTEGER, // the gates share them out
      addressDialTimeout: ADDRESS_DIAL_TIMEOUT_MS,
    },
    connectionGater: { ...dependencies.gater, ...inboundGates({ maximum: connectionsMaximum }) },
  }).catch((error: unknown) => {
    throw listenError(error, options);
  });
  const ports = listeningPorts(libp2p);
  const addresses = hosts.map((host) => tcpAddress(host, portFor(host, ports)));
  announced.push(...addresses.map((address) => multiaddr(`${address}/p2p/${libp2p.peerId.toString()}`)));
  return { libp2p, addresses };
}

/** The transport hands all of it to `net.connect`, though its type names only some. */
function dialOptionsOf({ localAddress }: PeerNodeOptions): {
  noDelay: boolean;
  localAddress?: string;
  family?: number;
} {
  // A name is to lead to an address of the same kind.
  return { noDelay: true, ...(localAddress && { localAddress, family: isIP(localAddress) }) };
}

/** libp2p keeps what the system said as text only. */
function listenError(cause: unknown, { listenHosts, listenPort }: PeerNodeOptions): ManyhandsError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = /\blisten (E[A-Z]+)/.exec(message)?.[1];
  const said = { code, syscall: 'listen', address: listenHosts.join(' or '), port: listenPort, cause };
  return ManyhandsError.from(code === undefined ? cause : Object.assign(new Error(message), said));
}

function listeningPorts(libp2p: Libp2p): ReadonlyMap<string, number> {
  // getMultiaddrs goes through the filter above; the components underneath know where the transports listen.
  const { components } = libp2p as unknown as { components: { transportManager: { getAddrs(): Multiaddr[] } } };
  const ports = new Map<string, number>();
  for (const address of components.transportManager.getAddrs()) {
    const [host, tcp] = address.getComponents();
    if (host && tcp?.name === 'tcp') ports.set(host.name, Number(tcp.value));
  }
  return ports;
}

/** Without a fixed port each kind of address has its own; a name may lead to either, and the older kind is the likelier. */
function portFor(host: string, ports: ReadonlyMap<string, number>): number {
  const kind = isIpv6(bareHost(host)) ? 'ip6' : 'ip4';
  const port = ports.get(kind) ?? [...ports.values()][0];
  if (port === undefined) throw new Error('the overlay node does not listen');
  return port;
}

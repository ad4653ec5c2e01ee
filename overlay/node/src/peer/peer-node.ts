// The peer node shared by worker, seed and SDK: a libp2p node that serves blocks of the swarms it takes part in and opens sessions with others.
import type { ConnectionGater, Libp2p, Stream } from '@libp2p/interface';
import { bareHost, type Cid, isLoopback, type OverlayNode } from '@manyhands/contract';
import {
  BLOCKS_PROTOCOL,
  chooseOffer,
  createSpread,
  forgetPeer,
  noteServed,
  SEED_UPLOADS_MAXIMUM,
  UPLOADS_MAXIMUM,
} from '@manyhands/overlay-core';
import type { BlockDirectory } from '../store/block-store.js';
import { ClientSession, type SessionEvents } from './client-session.js';
import { type Contact, Dialer } from './dialer.js';
import { networkOfConnection } from './inbound.js';
import { type PeerNodeOptions, startLibp2p } from './libp2p-node.js';
import { ServerSession, type SessionHost } from './server-session.js';
import { UploadService } from './upload-service.js';

/** Streams of one peer at once: one a swarm. */
const STREAMS_PER_PEER_MAXIMUM = 64;
const STREAM_TIMEOUT_MS = 10_000;
const BAN_MS = 10 * 60_000;

/** Bytes of blocks moved since the start. */
export type TransferStats = {
  fromPeersBytes: number;
  /** From the coordinator's seed and gateway. */
  fromOriginBytes: number;
  toPeersBytes: number;
  /** Peers connected now, the origin not counted. */
  connectedPeers: number;
};

export type PeerNodeDependencies = {
  store: Pick<BlockDirectory, 'get' | 'sizeOf'>;
  /** Called with the size of each block that was sent completely. */
  onUpload?(sizeBytes: number): void;
};

/** A running node. */
export type PeerNode = {
  readonly node: OverlayNode;
  /** Blocks received are counted by the fetcher; here `fromPeersBytes` and `fromOriginBytes` are 0. */
  stats(): TransferStats;
  /** Whether a connection to the peer is open. */
  isConnected(peerId: string): boolean;
  /** Lets members of a swarm have blocks, once they are in the store; tells those who wait for them. A seed shares its whole store. */
  share(swarm: Cid, cids: Iterable<Cid>): void;
  unshare(swarm: Cid): void;
  /** Opens a session. Rejects when the peer cannot be reached, was tried too often or is banned. */
  openSession(peer: Contact, swarm: Cid, events: SessionEvents): Promise<ClientSession>;
  /** Ends all dealings with a peer for ten minutes. */
  ban(peerId: string): void;
  /** Calls back when a peer opens a session about a swarm; returns how to stop that. */
  onVisit(listener: (peerId: string, swarm: Cid) => void): () => void;
  stop(): Promise<void>;
};

/** What `startPeerNode` starts. */
export async function startLoadedNode(options: PeerNodeOptions, dependencies: PeerNodeDependencies): Promise<PeerNode> {
  const bans = new Map<string, number>();
  const isBanned = (peer: string) => (bans.get(peer) ?? 0) > performance.now();
  const gater: ConnectionGater = {
    denyDialPeer: (peer) => isBanned(peer.toString()),
    denyInboundEncryptedConnection: (peer) => isBanned(peer.toString()),
  };
  const { libp2p, addresses } = await startLibp2p(options, { gater });
  const node = new Libp2pPeerNode(options, { ...dependencies, libp2p, bans });
  await node.listen();
  return Object.assign(node, { node: { peerId: libp2p.peerId.toString(), addresses } });
}

class Libp2pPeerNode implements Omit<PeerNode, 'node'> {
  private readonly libp2p: Libp2p;
  private readonly store: PeerNodeDependencies['store'];
  private readonly bans: Map<string, number>;
  private readonly isSeed: boolean;
  private readonly shared = new Map<Cid, Set<Cid>>();
  private readonly sessions = new Set<ServerSession>();
  private readonly visitors = new Set<(peerId: string, swarm: Cid) => void>();
  private readonly spread = createSpread();
  private readonly uploads: UploadService;
  private readonly dialer: Dialer;
  private toPeersBytes = 0;

  constructor(
    options: PeerNodeOptions,
    dependencies: PeerNodeDependencies & { libp2p: Libp2p; bans: Map<string, number> },
  ) {
    this.isSeed = options.role === 'seed';
    this.libp2p = dependencies.libp2p;
    this.store = dependencies.store;
    this.bans = dependencies.bans;
    const listensOnLoopback = options.listenHosts.some((host) => isLoopback(bareHost(host)));
    this.dialer = new Dialer({ localAddress: options.localAddress ?? null, listensOnLoopback }, this.libp2p);
    this.uploads = new UploadService(this.isSeed ? SEED_UPLOADS_MAXIMUM : UPLOADS_MAXIMUM, {
      read: (cid) => this.store.get(cid),
      onSent: ({ cid, peer }, sizeBytes) => {
        this.toPeersBytes += sizeBytes;
        if (this.isSeed) noteServed(this.spread, { cid, peer }, performance.now());
        dependencies.onUpload?.(sizeBytes);
      },
    });
  }

  async listen(): Promise<void> {
    this.libp2p.addEventListener('peer:disconnect', ({ detail }) => {
      this.uploads.forget(detail.toString());
      forgetPeer(this.spread, detail.toString());
    });
    await this.libp2p.handle(
      BLOCKS_PROTOCOL,
      (stream, connection) => {
        this.accept(stream, connection.remotePeer.toString(), networkOfConnection(connection));
      },
      { maxInboundStreams: STREAMS_PER_PEER_MAXIMUM, maxOutboundStreams: STREAMS_PER_PEER_MAXIMUM },
    );
  }

  stats(): TransferStats {
    const connectedPeers = this.libp2p.getPeers().length;
    return { fromPeersBytes: 0, fromOriginBytes: 0, toPeersBytes: this.toPeersBytes, connectedPeers };
  }

  isConnected(peerId: string): boolean {
    return this.libp2p.getPeers().some((peer) => peer.toString() === peerId);
  }

  share(swarm: Cid, cids: Iterable<Cid>): void {
    const known = this.shared.get(swarm) ?? new Set();
    this.shared.set(swarm, known);
    for (const cid of cids) {
      known.add(cid);
      for (const session of this.sessions) session.announce(cid);
    }
  }

  unshare(swarm: Cid): void {
    this.shared.delete(swarm);
  }

  async openSession(peer: Contact, swarm: Cid, events: SessionEvents): Promise<ClientSession> {
    const connection = await this.dialer.connect(peer);
    const stream = await connection.newStream(BLOCKS_PROTOCOL, { signal: AbortSignal.timeout(STREAM_TIMEOUT_MS) });
    return new ClientSession(stream, swarm, events);
  }

  ban(peerId: string): void {
    this.bans.set(peerId, performance.now() + BAN_MS);
    for (const connection of this.libp2p.getConnections())
      if (connection.remotePeer.toString() === peerId) connection.abort(new Error('the peer broke the protocol'));
  }

  onVisit(listener: (peerId: string, swarm: Cid) => void): () => void {
    this.visitors.add(listener);
    return () => this.visitors.delete(listener);
  }

  async stop(): Promise<void> {
    for (const session of [...this.sessions]) session.end();
    await this.libp2p.stop();
  }

  private accept(stream: Stream, peer: string, network: string): void {
    const host: SessionHost = {
      isShared: (swarm, cid) =>
        (this.isSeed || this.shared.get(swarm)?.has(cid) === true) && this.store.sizeOf(cid) !== undefined,
      choose: (peer, claim) => this.choose(peer, claim),
      enqueue: (upload, send) => this.uploads.enqueue({ ...upload, network }, send),
      cancel: (peer, key) => this.uploads.cancel(peer, key),
      onHello: (peer, swarm) => {
        for (const listener of this.visitors) listener(peer, swarm);
      },
      onClose: (session, fault) => {
        this.sessions.delete(session);
        if (fault !== undefined) this.ban(peer);
      },
    };
    this.sessions.add(new ServerSession(stream, peer, host));
  }

  private choose(peer: string, claim: { cids: readonly Cid[]; count: number; isInsisting: boolean }): Cid[] {
    if (!this.isSeed) return [];
    const sizeOf = (cid: Cid) => this.store.sizeOf(cid);
    return chooseOffer(this.spread, { ...claim, peer }, { now: performance.now(), sizeOf });
  }
}

// The data plane of a worker: block store, overlay node and fetcher. The fetcher follows the addresses that each welcome names.
import { bareHost, type Cid, isIpv6, isLoopback, ManyhandsError, type OverlayNode, placeOf } from '@manyhands/contract';
import {
  type BlockFetcher,
  type BlockStore,
  createBlockFetcher,
  everywhere,
  loopback,
  openBlockStore,
  type PeerNode,
  startPeerNode,
  type TransferStats,
} from '@manyhands/overlay-node';

export type DataPlaneOptions = {
  blocksDirectory: string;
  quotaBytes: number;
  /** Seed of the overlay key; null: no exchange with other hosts. */
  overlayKeySeed: Uint8Array | null;
  listenHosts: string[];
  listenPort: number;
  /** Where connections to other hosts come from; null: any address of this computer. */
  localAddress: string | null;
};

export type DataPlaneDependencies = {
  findPeers(swarm: Cid): Promise<OverlayNode[]>;
  /** Calls the gateway. */
  fetch: typeof fetch;
};
export type Origin = { gatewayUrl: string; overlay: OverlayNode | null };

const NOTHING_MOVED: TransferStats = { fromPeersBytes: 0, fromOriginBytes: 0, toPeersBytes: 0, connectedPeers: 0 };

export class DataPlane {
  readonly store: BlockStore;
  readonly #peerNode: PeerNode | null;
  readonly #dependencies: DataPlaneDependencies;
  #fetcher: BlockFetcher | null = null;
  #origin = '';
  /** What earlier fetchers moved. */
  #before = NOTHING_MOVED;

  private constructor(store: BlockStore, peerNode: PeerNode | null, dependencies: DataPlaneDependencies) {
    this.store = store;
    this.#peerNode = peerNode;
    this.#dependencies = dependencies;
  }

  /** Opens the store and starts the node. Throws MH-GEN-006 when its port is taken, MH-GEN-007, MH-GEN-013. */
  static async start(options: DataPlaneOptions, dependencies: DataPlaneDependencies): Promise<DataPlane> {
    const store = await openBlockStore({ directory: options.blocksDirectory, quotaBytes: options.quotaBytes });
    try {
      return new DataPlane(store, await startNode(options, store), dependencies);
    } catch (error) {
      store.close();
      throw error;
    }
  }

  /** Uses the gateway and seed of this welcome from now on. */
  goOnline({ gatewayUrl, overlay }: Origin): void {
    const origin = JSON.stringify([gatewayUrl, overlay]);
    if (origin === this.#origin) return;
    this.#origin = origin;
    this.#before = this.stats();
    this.#fetcher?.close();
    const { findPeers, fetch } = this.#dependencies;
    this.#fetcher = createBlockFetcher(
      { gatewayUrl, originPeer: overlay },
      { store: this.store, peerNode: this.#peerNode, findPeers, fetch },
    );
  }

  /** Throws MH-GEN-005 before the first welcome. */
  fetcher(): BlockFetcher {
    if (this.#fetcher) return this.#fetcher;
    throw new ManyhandsError('MH-GEN-005', { message: 'There was no connection to the coordinator yet.' });
  }

  /** This host's overlay node; null without one. */
  node(): OverlayNode | null {
    return this.#peerNode?.node ?? null;
  }

  swarms(): Cid[] {
    return this.#fetcher?.joinedSwarms() ?? [];
  }

  /** Bytes moved since the start; the node's own count lives as long as the node. */
  stats(): TransferStats {
    const now = this.#fetcher?.stats() ?? this.#peerNode?.stats() ?? NOTHING_MOVED;
    return {
      ...now,
      fromPeersBytes: this.#before.fromPeersBytes + now.fromPeersBytes,
      fromOriginBytes: this.#before.fromOriginBytes + now.fromOriginBytes,
    };
  }

  async stop(): Promise<void> {
    this.#fetcher?.close();
    await this.#peerNode?.stop();
    this.store.close();
  }
}

async function startNode(options: DataPlaneOptions, store: BlockStore): Promise<PeerNode | null> {
  const { overlayKeySeed, listenHosts, listenPort, localAddress } = options;
  if (!overlayKeySeed) return null;
  try {
    return await startPeerNode(
      { keySeed: overlayKeySeed, listenHosts, listenPort, announceHosts: [], role: 'worker', localAddress },
      { store },
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const places = listenHosts.map((host) => placeOf(host, listenPort)).join(' and ');
    const message = `The overlay cannot listen on ${places} (${reason}). Choose another port, or join with --no-p2p.`;
    throw new ManyhandsError('MH-GEN-006', { message, meta: { listenHosts, listenPort }, cause });
  }
}

/** Where to listen for peers: on this machine only when the coordinator is on this machine too; otherwise on its addresses of both kinds. */
export function listenHostsFor(coordinatorUrl: string): string[] {
  const host = bareHost(new URL(coordinatorUrl).hostname);
  if (!isLoopback(host)) return everywhere();
  return [host === 'localhost' ? loopback() : isIpv6(host) ? '::1' : '127.0.0.1'];
}

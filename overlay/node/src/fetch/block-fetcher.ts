// Fetches blocks and files into the store: from peers, from the coordinator's seed, and at last from its HTTP gateway. Every fetch ends.
import {
  type Cid,
  concatBytes,
  decodeFileList,
  type FileRef,
  hasFileList,
  ManyhandsError,
  type OverlayNode,
} from '@manyhands/contract';
import type { PeerNode, TransferStats } from '../peer/peer-node.js';
import type { BlockStore } from '../store/block-store.js';
import { type FetchFromGateway, fetchFromGateway, gatewayClient } from './gateway-client.js';
import { SwarmFetch } from './swarm-fetch.js';

export type BlockFetcherOptions = {
  /** The HTTP gateway; blocks are at `<gatewayUrl>/blocks/<cid>`. */
  gatewayUrl: string;
  /** The coordinator's seed; null: it runs none. */
  originPeer: OverlayNode | null;
};
export type BlockFetcherDependencies = {
  store: BlockStore;
  /** null: fetch from the gateway only (`--no-p2p`). */
  peerNode: PeerNode | null;
  /** Asks the tracker who takes part in a swarm; called every one to five seconds while blocks are wanted. */
  findPeers(swarm: Cid): Promise<OverlayNode[]>;
  /** What calls the gateway; default: that of the platform. */
  fetch?: typeof fetch;
};
/** `swarm`: the manifest on whose behalf; `signal` ends the wait. */
export type FetchOptions = { swarm: Cid; signal: AbortSignal };

/** Fetches blocks. Whatever is fetched (or found in the store) on behalf of a swarm is shared with its members. */
export type BlockFetcher = {
  /** One verified block. Rejects with MH-BLK-003 (no source), MH-BLK-005 (quota), MH-GEN-010 (disk full) or the reason of `signal`. */
  fetchBlock(cid: Cid, options: FetchOptions): Promise<Uint8Array>;
  /** All blocks of a file, and its list, into the store. Rejects as `fetchBlock`, or with MH-BAT-003 for a list that does not fit. */
  fetchFile(ref: FileRef, options: FetchOptions): Promise<void>;
  /** A file from the store alone. Rejects with MH-BLK-003 when a block is missing. */
  readFile(ref: FileRef): Promise<Uint8Array>;
  /** The swarms that blocks were fetched for, to be announced to the tracker. */
  joinedSwarms(): Cid[];
  /** Stops fetching for a swarm and sharing its blocks; they stay in the store. */
  leaveSwarm(swarm: Cid): void;
  stats(): TransferStats;
  /** Leaves all swarms. */
  close(): void;
};

/** Makes a fetcher over a store. The node and the store stay the caller's to close. */
export function createBlockFetcher(options: BlockFetcherOptions, dependencies: BlockFetcherDependencies): BlockFetcher {
  return new StoreBlockFetcher(options, dependencies);
}

class StoreBlockFetcher implements BlockFetcher {
  private readonly options: BlockFetcherOptions;
  private readonly dependencies: BlockFetcherDependencies;
  private readonly swarms = new Map<Cid, SwarmFetch>();
  private readonly fetchFromGateway: FetchFromGateway;
  private readonly stopVisits: (() => void) | undefined;
  private fromPeersBytes = 0;
  private fromOriginBytes = 0;

  constructor(options: BlockFetcherOptions, dependencies: BlockFetcherDependencies) {
    this.options = options;
    this.dependencies = dependencies;
    this.fetchFromGateway = dependencies.fetch ? gatewayClient(dependencies.fetch) : fetchFromGateway;
    this.stopVisits = dependencies.peerNode?.onVisit((peerId, swarm) => this.swarms.get(swarm)?.visited(peerId));
  }

  async fetchBlock(cid: Cid, { swarm, signal }: FetchOptions): Promise<Uint8Array> {
    const fetch = this.join(swarm);
    const stored = await this.dependencies.store.get(cid);
    if (stored !== undefined) {
      this.dependencies.peerNode?.share(swarm, [cid]);
      return stored;
    }
    let fetched: Uint8Array | undefined;
    await fetch.fetch([cid], signal, (bytes) => {
      fetched = bytes;
    });
    if (fetched === undefined) throw new ManyhandsError('MH-BLK-003', { meta: { cid } });
    return fetched;
  }

  async fetchFile(ref: FileRef, options: FetchOptions): Promise<void> {
    const { store, peerNode } = this.dependencies;
    const cids = [...new Set(await this.blocksOf(ref, () => this.fetchBlock(ref.cid, options)))];
    const release = store.hold([ref.cid, ...cids]);
    try {
      const missing = cids.filter((cid) => !store.has(cid));
      const present = cids.filter((cid) => store.has(cid));
      peerNode?.share(options.swarm, present);
      await this.join(options.swarm).fetch(missing, options.signal);
    } finally {
      release();
    }
  }

  async readFile(ref: FileRef): Promise<Uint8Array> {
    const { store } = this.dependencies;
    const read = async (cid: Cid): Promise<Uint8Array> => {
      const bytes = await store.get(cid);
      if (bytes === undefined) throw new ManyhandsError('MH-BLK-003', { meta: { cid } });
      return bytes;
    };
    const parts: Uint8Array[] = [];
    for (const cid of await this.blocksOf(ref, () => read(ref.cid))) parts.push(await read(cid));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : concatBytes(...parts);
  }

  joinedSwarms(): Cid[] {
    return [...this.swarms.keys()];
  }

  leaveSwarm(swarm: Cid): void {
    this.swarms
      .get(swarm)
      ?.close(new ManyhandsError('MH-BLK-003', { message: 'The swarm was left.', meta: { swarm } }));
    this.swarms.delete(swarm);
    this.dependencies.peerNode?.unshare(swarm);
  }

  stats(): TransferStats {
    const { peerNode } = this.dependencies;
    const node = peerNode?.stats() ?? { toPeersBytes: 0, connectedPeers: 0 };
    const { originPeer } = this.options;
    const origin = originPeer !== null && peerNode?.isConnected(originPeer.peerId) ? 1 : 0;
    const { fromPeersBytes, fromOriginBytes } = this;
    const { toPeersBytes } = node;
    return { fromPeersBytes, fromOriginBytes, toPeersBytes, connectedPeers: node.connectedPeers - origin };
  }

  close(): void {
    this.stopVisits?.();
    for (const swarm of this.joinedSwarms()) this.leaveSwarm(swarm);
  }

  /** The data blocks of a file: itself, or those of its list. */
  private async blocksOf(ref: FileRef, getList: () => Promise<Uint8Array>): Promise<Cid[]> {
    return hasFileList(ref) ? decodeFileList(ref, await getList()).blocks : [ref.cid];
  }

  private join(swarm: Cid): SwarmFetch {
    const { store, peerNode, findPeers } = this.dependencies;
    const onReceived = (sizeBytes: number, isFromOrigin: boolean) => {
      if (isFromOrigin) this.fromOriginBytes += sizeBytes;
      else this.fromPeersBytes += sizeBytes;
    };
    const { fetchFromGateway } = this;
    const fetch =
      this.swarms.get(swarm) ??
      new SwarmFetch({ ...this.options, swarm }, { store, peerNode, findPeers, fetchFromGateway, onReceived });
    this.swarms.set(swarm, fetch);
    return fetch;
  }
}

// The peer node on Node.js: store of blocks, exchange with peers, fetcher with fallback, and the coordinator's seed.
export {
  type BlockFetcher,
  type BlockFetcherDependencies,
  type BlockFetcherOptions,
  createBlockFetcher,
  type FetchOptions,
} from './fetch/block-fetcher.js';
export { everywhere, listenHostsOf, loopback } from './peer/addresses.js';
export type { PeerNodeOptions, Role } from './peer/libp2p-node.js';
export type { PeerNode, PeerNodeDependencies, TransferStats } from './peer/peer-node.js';
export { startPeerNode } from './peer/start.js';
export type { SeedOptions } from './seed/seed-messages.js';
export { type SeedDependencies, type SeedInfo, type SupervisedSeed, superviseSeed } from './seed/supervise-seed.js';
export { openBlockDirectory } from './store/block-directory.js';
export type { BlockDirectory, BlockStore } from './store/block-store.js';
export { openBlockStore } from './store/open-block-store.js';

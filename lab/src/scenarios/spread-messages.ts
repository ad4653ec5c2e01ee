// What the spread scenario and its child processes tell each other.
import type { Cid, FileRef, OverlayNode } from '@manyhands/contract';
import type { TransferStats } from '@manyhands/overlay-node';

export type PeerTask = {
  directory: string;
  ref: FileRef;
  swarm: Cid;
  gatewayUrl: string;
  originPeer: OverlayNode;
};

/** To a fetching peer: first `prepare`, then `start`, answers to its `find`s, and `stop`. */
export type ToPeer =
  | { type: 'prepare'; task: PeerTask }
  | { type: 'start' }
  | { type: 'found'; id: number; peers: OverlayNode[] }
  | { type: 'stop' };

export type FromPeer =
  | { type: 'ready'; node: OverlayNode }
  | { type: 'find'; id: number }
  | { type: 'done'; isIntact: boolean; milliseconds: number; stats: TransferStats }
  | { type: 'failed'; message: string };

/** To the process that loads the gateway or measures round trips. */
export type ToLoad =
  | { type: 'download'; urls: string[] }
  | { type: 'ping'; url: string; milliseconds: number }
  | { type: 'stop' };
export type FromLoad =
  | { type: 'moved'; bytes: number }
  | { type: 'measured'; roundTripsMs: number[] }
  | { type: 'ready' };

// What is told of hosts.
import type { AccountId, HostId } from '@manyhands/contract';

export type HostRow = {
  hostId: HostId;
  pseudonym: string;
  accountId: AccountId | null;
  isBanned: boolean;
  isOnline: boolean;
  acceptedReplicas: number;
  disagreedReplicas: number;
  failedReplicas: number;
};

export type PeerRow = {
  name: string;
  kind: 'worker';
  isOnline: boolean;
  path: 'overlay' | 'http';
  connectedPeers: number;
  fromPeersBytes: number;
  fromOriginBytes: number;
  toPeersBytes: number;
  state: 'working' | 'idle' | 'paused' | 'offline';
  lastSeenMs: number;
};

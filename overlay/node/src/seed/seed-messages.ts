// What the seed's parent and child tell each other. Keys travel here and not by argument or environment, where others could read them.
import type { ErrorBody, OverlayNode } from '@manyhands/contract';
import type { CallerOptions } from '@manyhands/foundation';

export type SeedOptions = {
  blocksDirectory: string;
  /** 32 bytes: the seed of the overlay key. */
  keySeed: Uint8Array;
  /** Address to listen on, without brackets; `::` means all of both kinds. */
  host: string;
  gatewayPort: number;
  overlayPort: number;
  /** Hosts under which others reach it; empty: where it listens. */
  announceHosts: string[];
  /** How far it gives way to other processes; default and maximum: 10. */
  nice?: number;
  /** Who calls behind which proxies; default: nobody is believed. */
  callers?: CallerOptions;
  /** Connections of the gateway, and as many of the overlay; default: 1,000. */
  connectionsMaximum?: number;
};

/** The first message of the parent. */
export type StartSeed = { type: 'start'; options: Omit<SeedOptions, 'keySeed'> & { keySeedHex: string } };
/** Whether the node with this peer id answers at this multiaddress now. Answered by `looked`, within seconds. */
export type LookFor = { type: 'look'; id: number; peerId: string; address: string };
export type ToSeed = StartSeed | LookFor;

export type FromSeed =
  | { type: 'started'; overlay: OverlayNode; gatewayPort: number }
  | { type: 'refused'; error: ErrorBody }
  | { type: 'looked'; id: number; isFound: boolean }
  /** Bytes of blocks sent since the last such message. */
  | { type: 'egress'; bytes: number };

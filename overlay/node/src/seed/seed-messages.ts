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

/** The first and only message of the parent. */
export type ToSeed = { type: 'start'; options: Omit<SeedOptions, 'keySeed'> & { keySeedHex: string } };

export type FromSeed =
  | { type: 'started'; overlay: OverlayNode; gatewayPort: number }
  | { type: 'refused'; error: ErrorBody }
  /** Bytes of blocks sent since the last such message. */
  | { type: 'egress'; bytes: number };

// What the core is told at its start.
import type { CoordinatorId, KeyPair } from '@manyhands/contract';

export const CORE_OPTIONS = Symbol('CORE_OPTIONS');

export type CoreOptions = {
  readonly coordinatorId: CoordinatorId;
  /** Signs challenges. */
  readonly keyPair: KeyPair;
  /** Folder of result bundles too large for a row; created when missing. */
  readonly resultsDirectory: string;
  /** Folder of checkpoints that wait for a successor; created when missing. */
  readonly checkpointsDirectory: string;
  /** Folder of uploads that came in part; created when missing. */
  readonly uploadsDirectory: string;
  /** Bytes that all checkpoints together may take, unfinished ones with what has arrived of them. */
  readonly checkpointQuotaBytes: number;
  /** Bytes that have arrived of unfinished results, all together. */
  readonly uploadQuotaBytes: number;
  /** Bytes that one host may bring about at once without anybody confirming them; an account four times as many. */
  readonly hostLastingBytes: number;
  /** No lease is shorter. */
  readonly leaseMinimumMs: number;
  /** Whether the computers behind an address are independent of each other although they share a network. */
  readonly isSharedNetwork: (address: string) => boolean;
  /** The clock: milliseconds since 1970. */
  readonly nowMs: () => number;
};

// What a store of blocks promises, whoever keeps it.
import type { Cid } from '@manyhands/contract';

/** Blocks as plain files, found by their content identifier. Public blocks only: results never enter one. */
export type BlockDirectory = {
  has(cid: Cid): boolean;
  /** The size of a stored block in bytes, undefined when it is not there. */
  sizeOf(cid: Cid): number | undefined;
  /** The bytes, or undefined when the block is not there. */
  get(cid: Cid): Promise<Uint8Array | undefined>;
  /**
   * Stores a block durably: once the promise resolves, a power cut does not lose it. Storing a block again does nothing.
   * Throws MH-BLK-001 (wrong hash), MH-BLK-002 (over 1 MiB), MH-GEN-010 (disk full).
   */
  put(cid: Cid, bytes: Uint8Array): Promise<void>;
  delete(cid: Cid): Promise<void>;
  usedBytes(): number;
};

/** A directory of blocks with a quota: the blocks used longest ago leave first, pinned and held ones never. */
export type BlockStore = BlockDirectory & {
  /** As above; also throws MH-BLK-005 when everything stored is pinned and the quota is used up. */
  put(cid: Cid, bytes: Uint8Array): Promise<void>;
  /** Keeps blocks from eviction (also ones that are still to come), or lets them go. Not remembered across restarts. */
  pin(cids: Iterable<Cid>, isPinned: boolean): void;
  /** Keeps blocks from eviction until the returned function is called; independent of `pin`. */
  hold(cids: Iterable<Cid>): () => void;
  close(): void;
};

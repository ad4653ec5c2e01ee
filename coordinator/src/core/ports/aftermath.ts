// The news of a transaction over units.

/** What is to be told to hosts and waiters once the transaction is durable. */
export type Aftermath = {
  /** Batches in which units became eligible for somebody. */
  readonly reopened: Set<number>;
  /** Batches with new outcomes. */
  readonly settled: Set<number>;
  /** Batches whose units are all settled by this transaction. */
  readonly completed: Set<number>;
  readonly bundlesWanted: { unitId: number; custodians: readonly number[] }[];
  /** Kept bundles that are not needed any more. */
  readonly released: { hostRowId: number; leaseRowId: number; index: number }[];
  /** Leases that ended because their units were settled otherwise. */
  readonly cancelled: { leaseRowId: number; code: string }[];
  /** Checkpoints whose files nobody needs any more. */
  readonly droppedCheckpoints: number[];
  /** Units accepted although the chains of their hosts differ. */
  readonly chainDisputes: number[];
  /** Hosts that handed in results, or whose results were accepted: they may have more now. */
  readonly roomier: Set<number>;
  /** Bytes that hosts had brought about with results that are accepted now. */
  readonly confirmed: Map<number, { readonly accountRowId: number; readonly bytes: number }>;
  /** Accounts that took units of a project for the first time. */
  readonly newHands: { readonly projectRowId: number; readonly accountRowId: number }[];
};

// Port: what the core asks of batches. An implementation must not inject a service of the core.
import type { AppVersionId, BatchId, Build, Cid, ProjectId } from '@manyhands/contract';

export const BATCH_DIRECTORY = Symbol('BATCH_DIRECTORY');

/** A batch whose units may be leased now: it is open, its project active, its app version ready. */
export type ActiveBatch = {
  readonly batchRowId: number;
  readonly projectRowId: number;
  readonly projectId: ProjectId;
  readonly batchId: BatchId;
  readonly appVersionId: AppVersionId;
  readonly manifestCid: Cid;
  readonly quorum: number;
  /** Higher goes first among the batches of one project. */
  readonly priority: number;
  /** The build that units start with. */
  readonly firstBuild: Build;
  readonly memoryMaximumBytes: number;
  readonly expectedDurationMs: number;
  readonly timeoutMs: number;
  readonly unitCount: number;
};

/** What a batch agreed to at its submission, and what its hosts are held to. */
export type BatchTerms = {
  readonly appVersionId: AppVersionId;
  readonly manifestCid: Cid;
  /** Fuel of one replica. */
  readonly fuelMaximum: number;
  /** Sealed at submission. */
  readonly fuelPerCobblestone: number;
  /** The most that one replica earns: the operator's cap. */
  readonly creditPerReplicaMaximumMilli: number;
};

export interface BatchDirectory {
  /** Cached by the core until a listener is called. */
  activeBatches(): readonly ActiveBatch[];
  /** The terms of any batch, active or not: a late receipt may settle a unit of a batch that is paused by now. Undefined for one of an older engine. */
  terms(batchRowId: number): BatchTerms | undefined;
  /** Calls `listener` after every committed change of activeBatches(). Returns the way to stop. */
  onChange(listener: () => void): () => void;
}

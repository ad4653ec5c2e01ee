// Port: where batches are kept. Their units belong to the core.
import type {
  AppVersionId,
  BatchId,
  BatchPolicy,
  Build,
  Cid,
  ManifestRoot,
  Presentation,
  ProjectId,
} from '@manyhands/contract';

export type BatchState = 'open' | 'complete' | 'cancelled' | 'expired';
export type BatchRow = {
  rowId: number;
  batchId: BatchId;
  projectRowId: number;
  projectId: ProjectId;
  appVersionRowId: number;
  appVersionId: AppVersionId;
  name: string;
  manifestCid: Cid;
  policySequence: number;
  quorum: number;
  priority: number;
  expiresAtMs: number | null;
  unitCount: number;
  timeoutMs: number;
  expectedDurationMs: number;
  memoryMaximumBytes: number;
  /** The build that units start with; null, like the two after it, for a batch of an older engine. */
  firstBuild: Build | null;
  /** Fuel of one replica. */
  fuelMaximum: number | null;
  /** Sealed at submission. */
  fuelPerCobblestone: number | null;
  presentation: Presentation | null;
  holderRowId: number | null;
  state: BatchState;
  submittedAtMs: number;
  completedAtMs: number | null;
  /** When retention removed its blocks and results. */
  removedAtMs: number | null;
};
export type BatchPosition = Pick<BatchRow, 'submittedAtMs' | 'rowId'>;
export type NewBatch = {
  batchId: BatchId;
  projectRowId: number;
  appVersionRowId: number;
  root: ManifestRoot;
  manifest: Uint8Array;
  manifestCid: Cid;
  policy: BatchPolicy;
  policyEnvelope: Uint8Array;
  holderRowId: number;
  fuelPerCobblestone: number;
  nowMs: number;
};

export abstract class BatchesRepository {
  abstract find(batchId: string): BatchRow | undefined;
  abstract findRow(rowId: number): BatchRow | undefined;
  /** Newest first, after one of them, read one by one as they are asked for. */
  abstract list(projectRowId: number, page: { after?: BatchPosition | undefined; limit: number }): Iterable<BatchRow>;
  abstract listOpen(): BatchRow[];
  /** Open batches whose app version was stopped. */
  abstract listStopped(): BatchRow[];
  /** Open batches of active projects and ready app versions. */
  abstract listActive(): BatchRow[];
  /** Ended before then and not yet removed, or not completely. */
  abstract listEndedBefore(atMs: number): BatchRow[];
  /** The signed envelopes as received. */
  abstract envelopes(rowId: number): { manifest: Uint8Array; policy: Uint8Array } | undefined;
  /** Creates a batch with its units in one transaction; undefined when its name is taken. */
  abstract create(batch: NewBatch, createUnits: (batchRowId: number) => void): Promise<number | undefined>;
  /** False when there is a policy of that sequence or a higher one. */
  abstract putPolicy(rowId: number, policy: BatchPolicy, envelope: Uint8Array): Promise<boolean>;
  abstract setState(rowId: number, state: BatchState, completedAtMs: number | null): Promise<void>;
  abstract setRemoved(rowId: number, atMs: number): Promise<void>;
  /** Its blocks are not held for it any more. */
  abstract dropHolder(rowId: number): Promise<void>;
}

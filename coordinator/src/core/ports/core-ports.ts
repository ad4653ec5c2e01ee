// Where the core of the coordinator (units, leases, validation, credit, hosts) meets the rest of it: Nest tokens, the ports that the rest
// implements, and what the core's services promise. An implementation of a port must not inject a service of the core.
import {
  type AccountBinding,
  type AccountId,
  type AppVersionId,
  type BatchId,
  type Build,
  type Cid,
  type CoordinatorId,
  type HostId,
  type KeyPair,
  MANIFEST_BY_CID,
  type Outcome,
  type OverlayNode,
  type ProjectId,
  type Unit,
  type UnitCounts,
  type UnitState,
  UPLOADS_IN_PARTS,
} from '@manyhands/contract';

/** Nest tokens of what the rest provides (globally) for the core. `DATABASE` is a SqliteDatabase. */
export const DATABASE = Symbol('DATABASE');
export const CORE_OPTIONS = Symbol('CORE_OPTIONS');
export const BATCH_DIRECTORY = Symbol('BATCH_DIRECTORY');
export const ACCOUNTS_PORT = Symbol('ACCOUNTS_PORT');
export const SEED_PORT = Symbol('SEED_PORT');
export const DISK_PORT = Symbol('DISK_PORT');

/** What newer workers and libraries may make use of. `computing`: `state` may tell which units the host computes. */
export const FEATURES: readonly string[] = ['computing', UPLOADS_IN_PARTS, MANIFEST_BY_CID];

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

/** An account as the core needs it. `label` is null for the account that an anonymous host is by itself. */
export type AccountRef = {
  readonly accountRowId: number;
  readonly accountId: AccountId;
  readonly label: string | null;
};

export type Joining = {
  /** The account that the host belongs to so far, which `keep` means; null: none. */
  readonly currentRowId: number | null;
  /** Where it comes from. */
  readonly address: string;
};

export interface AccountsPort {
  /**
   * The account that the host belongs to from now on. Without a current one, `keep` makes an anonymous account. Throws MH-ACC-001, MH-ACC-002, MH-SIG-…,
   * MH-GEN-012 for a new account of a network that has founded its share.
   */
  resolveBinding(hostId: HostId, binding: AccountBinding, joining: Joining): Promise<AccountRef>;
  /** The accounts of these rows that still exist. */
  accounts(accountRowIds: readonly number[]): ReadonlyMap<number, AccountRef>;
}

export interface SeedPort {
  /** Base address of the block gateway, for workers. */
  gatewayUrl(): string;
  /** The coordinator's own overlay node; null when it runs none. */
  overlay(): OverlayNode | null;
  /** Whether the node with this peer id answers at this address now: one connection, within seconds. Rejects when nobody can look at present. */
  answersAt(whom: { readonly peerId: string; readonly address: string }): Promise<boolean>;
}

export interface DiskPort {
  /** True: no new work is given out (MH-LTR-005), receipts are still taken. */
  isShort(): boolean;
}

/** What the core makes of a batch's units at submission. */
export type NewBatchUnits = {
  readonly batchRowId: number;
  readonly projectRowId: number;
  readonly unitCount: number;
  readonly quorum: number;
};

/** An outcome without what only the manifest knows. */
export type UnitOutcome = Omit<Outcome, 'name'>;
export type UnitView = Omit<Unit, 'name'>;
export type BatchSummary = {
  readonly counts: UnitCounts;
  /** Every unit is accepted or failed. */
  readonly isComplete: boolean;
  /** Why the open units were ended; null: they were not. */
  readonly endedCode: string | null;
  /** No unit was or will be accepted from one account alone: a quorum that was raised does not reach back. */
  readonly isVerified: boolean;
  readonly replicas: { readonly leased: number; readonly reported: number; readonly agreed: number };
  readonly creditMilli: number;
};
/** `hasStdout`: with short outputs. */
export type OutcomesQuery = { after: number; limit: number; hasStdout?: boolean };
export type UnitsQuery = { state?: UnitState | 'held' | undefined; after: number; limit: number };

export type LeaderboardRow = {
  rank: number;
  name: string;
  tag: string;
  isAnonymous: boolean;
  creditMilli: number;
  acceptedReplicas: number;
  hosts: number;
  isOnline: boolean;
};

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

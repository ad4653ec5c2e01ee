// What the core needs from its surroundings: everything that happens to it (events) and everything it wants done (effects).
import type {
  AccountId,
  CoordinatorId,
  ErrorCode,
  FailureItem,
  HostId,
  Lease,
  LeaseId,
  MessageOf,
  MessageToCoordinator,
  MessageToWorker,
} from '@manyhands/contract';

/** Time and chance of one step: both are inputs, never taken from the surroundings. */
export type Moment = {
  /** Milliseconds of a clock that never goes back, and stands still while the machine sleeps; its origin means nothing. */
  nowMs: number;
  /** In [0, 1), fresh for every step. */
  random: number;
};

/** Why there is no connection, or what its owner must know of it: one or more whole sentences, in words of ours. */
export type Trouble = {
  /** A documented code. */
  code: string;
  message: string;
};

/** One unit of one lease. */
export type UnitRef = { leaseId: LeaseId; index: number };

/** How far a run came: exact and equal on every host. */
export type RunProof = { fuel: number; markCount: number; chainRoot: Uint8Array };

/** How a run ended, without its bytes. A success is journalled, its bundle included, before the core hears of it. */
export type UnitEnding =
  | ({ kind: 'success'; digest: Uint8Array; bundleBytes: number; elapsedMs: number } & RunProof)
  | ({ kind: FailureItem['kind']; chainRoot: Uint8Array | null } & Omit<FailureItem, 'index' | 'kind' | 'chainRoot'>);

/** What a unit takes to run, known once its manifest and app version are verified. */
export type UnitNeeds = {
  memoryBytes: number;
  /** Module and inputs, which stay in the block store while the unit waits. */
  inputBytes: number;
  timeoutMs: number;
};

/** A lease as the journal kept it, with the units that are still to be computed, and which of them have a snapshot. */
export type RestoredLease = {
  lease: Lease;
  openIndexes: readonly number[];
  begunIndexes: readonly number[];
  /** Units with an encrypted checkpoint that was on its way to the coordinator. */
  sealedIndexes?: readonly number[];
};
/** A computed unit as the journal kept it. `isKept`: acknowledged, its bundle is waiting to be wanted or released. */
export type RestoredResult = UnitRef & { ending: UnitEnding; isKept: boolean };

export type PauseReason = 'user' | 'battery' | 'disk';

export type WorkerEvent =
  | { on: 'started'; leases: readonly RestoredLease[]; results: readonly RestoredResult[] }
  /** The time named by `nextWakeMs` has come. */
  | { on: 'woke' }
  /** The machine slept. */
  | { on: 'slept' }
  | { on: 'opened'; connection: number; nonce: Uint8Array }
  /** `trouble`: what ended it, as far as this side knows. */
  | { on: 'closed'; connection: number; trouble?: Trouble }
  | { on: 'message'; connection: number; message: MessageToWorker }
  | { on: 'prepared'; unit: UnitRef; needs: UnitNeeds }
  | { on: 'unprepared'; unit: UnitRef; code: ErrorCode; message: string }
  | { on: 'ended'; unit: UnitRef; ending: UnitEnding }
  /** The executor process died while it ran the unit. */
  | { on: 'crashed'; unit: UnitRef }
  /** The run was stopped as asked, or had not begun when the executor process died. */
  | { on: 'stopped'; unit: UnitRef }
  /** A run goes on from its checkpoint. */
  | { on: 'resumed'; unit: UnitRef }
  /** A snapshot of the unit is durable: the next run goes on from it. */
  | { on: 'snapshot-kept'; unit: UnitRef }
  /** The snapshot is gone or useless: the next run begins anew. */
  | { on: 'snapshot-lost'; unit: UnitRef }
  /** The encrypted checkpoint is with the coordinator; the statement about it is signed and to be sent. */
  | { on: 'handed-over'; unit: UnitRef; envelope: Uint8Array; key: Uint8Array; isFinal: boolean }
  | { on: 'hand-over-failed'; unit: UnitRef; isFinal: boolean }
  /** Some more of the checkpoint is durable at the coordinator. */
  | { on: 'hand-over-moved' }
  | { on: 'uploaded'; unit: UnitRef }
  /** `code`, `message`: why. */
  | { on: 'upload-failed'; unit: UnitRef; code: string; message: string }
  /** The disk does not give the bundle back. */
  | { on: 'bundle-lost'; unit: UnitRef }
  | { on: 'sensed'; reason: 'battery' | 'disk'; isActive: boolean }
  | { on: 'commanded'; command: 'pause' | 'resume' | 'leave' };

export type Ending = { reason: string; code: ErrorCode | null; isFinished: boolean };

export type WorkerEffect =
  | { do: 'dial'; connection: number }
  | { do: 'hang-up'; connection: number }
  /** Find out soon whether the connection still lives. */
  | { do: 'probe'; connection: number }
  | { do: 'send'; message: MessageToCoordinator }
  /** Sign the host proof over this nonce and send it with the account binding (the first time) or `keep`. */
  | { do: 'prove'; coordinatorNonce: Uint8Array; isFirst: boolean }
  | { do: 'online'; welcome: MessageOf<'welcome'> }
  /** There is no connection any more, or none came about. */
  | { do: 'offline'; trouble: Trouble; wasOnline: boolean; retryAfterMs: number }
  /** The owner is to know this, though work goes on. */
  | { do: 'warn'; trouble: Trouble }
  | { do: 'record-lease'; lease: Lease }
  /** The units are given back or taken. `isSettled`: nobody needs them any more; otherwise their snapshots wait for another lease of them. */
  | { do: 'drop-units'; leaseId: LeaseId; indexes: readonly number[]; isSettled: boolean }
  /** The result of the unit is here already, under another lease. */
  | { do: 'copy-result'; from: UnitRef; to: UnitRef }
  | { do: 'record-failure'; unit: UnitRef; failure: Exclude<UnitEnding, { kind: 'success' }> }
  /** Sign a receipt over these journalled results and send it. */
  | { do: 'report'; requestId: number; leaseId: LeaseId; indexes: readonly number[] }
  | { do: 'keep-result'; unit: UnitRef }
  | { do: 'delete-result'; unit: UnitRef }
  | { do: 'prepare'; unit: UnitRef; lease: Lease }
  /** The unit's blocks may be evicted; an unfinished preparation is to be aborted. */
  | { do: 'release'; unit: UnitRef }
  | { do: 'run'; unit: UnitRef; timeoutMs: number }
  /** `isKept`: at its next slice and with a snapshot, to go on later, be it under another lease; otherwise nothing of it is wanted any more. */
  | { do: 'stop'; unit: UnitRef; isKept: boolean }
  /** Take a checkpoint, bring it to the coordinator and sign how far the unit came. `isFinal`: it stops there. */
  | { do: 'hand-over'; unit: UnitRef; isFinal: boolean }
  /** Go on with a checkpoint that a restart cut off on its way. */
  | { do: 'resume-hand-over'; unit: UnitRef }
  | { do: 'upload'; unit: UnitRef }
  | { do: 'end'; ending: Ending };

/** What stays the same while the worker runs. */
export type CoreOptions = {
  coordinatorId: CoordinatorId;
  hostId: HostId;
  hostKey: Uint8Array;
  clientVersion: string;
  /** 16 bytes that no other process has: by them the coordinator tells a worker that connects anew from a second one with the same key. */
  instance: Uint8Array;
  cores: number;
  memoryBytes: number;
  projectIds: Lease['projectId'][] | null;
  /** End when there is nothing open any more. */
  isOnce: boolean;
};

/** Who the coordinator says this host is. */
export type Identity = { accountId: AccountId; accountLabel: string | null; pseudonym: string };

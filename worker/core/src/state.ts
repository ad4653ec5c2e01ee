// The state of the worker's core, and the draft that the rules of one step write to.
import type { Cid, ErrorCode, Lease, LeaseId } from '@manyhands/contract';
import type {
  CoreOptions,
  Ending,
  Identity,
  PauseReason,
  Trouble,
  UnitEnding,
  UnitNeeds,
  UnitRef,
  WorkerEffect,
} from './ports.js';

//   offline --retryAtMs--> dialing --opened--> greeting --challenge--> proving --welcome--> online
//      ^----------------------- closed, refused, timed out, hung up ------------------------'
export type Connection =
  | { phase: 'offline'; retryAtMs: number }
  | { phase: 'dialing' | 'greeting' | 'proving'; deadlineMs: number; nonce: Uint8Array | null }
  | { phase: 'online'; identity: Identity };

type HeldLease = {
  lease: Lease;
  /** When to renew; reset by every answer. */
  renewAtMs: number;
};

//   waiting -> preparing -> ready -> running -> (a result) ; running -> stopping -> ready
export type UnitPhase = 'waiting' | 'preparing' | 'ready' | 'running' | 'stopping';
export type HeldUnit = UnitRef & {
  phase: UnitPhase;
  needs: UnitNeeds | null;
  /** Deaths of the executor under it since its last snapshot. */
  crashCount: number;
  hasSnapshot: boolean;
  /** An encrypted checkpoint lies here that was cut off on its way by a restart. */
  hasSealed: boolean;
  /** Runs, but has not yet gone on from its snapshot. */
  isResuming: boolean;
  /** When this run was given to the executor, and when the next checkpoint goes to the coordinator; meaningless unless it runs. */
  runBeganAtMs: number;
  handOverAtMs: number;
  /** A checkpoint is on its way to the coordinator; `made`: it is there, and its statement waits for a connection. */
  handOver: 'none' | 'making' | 'made' | 'sent' | 'failed';
  made: MadeHandOver | null;
  /** Preparations that failed, and when to try the next. */
  fetchFailureCount: number;
  notBeforeMs: number;
};

/** The signed statement about a checkpoint that the coordinator has. */
type MadeHandOver = { envelope: Uint8Array; key: Uint8Array; isFinal: boolean };

//   unsent <-> sent -> (gone) | kept <-> uploading ; kept -> (gone)
type ResultPhase = 'unsent' | 'sent' | 'kept' | 'uploading';
export type HeldResult = UnitRef & {
  ending: UnitEnding;
  phase: ResultPhase;
  /** The coordinator asked for the bundle; it may do so before it acknowledges the receipt. */
  isWanted: boolean;
  /** Not sent or uploaded before. */
  notBeforeMs: number;
  attemptCount: number;
  /** The disk does not give the bundle back; the coordinator is told. */
  isLost: boolean;
};

export type Pending =
  | { kind: 'request'; sentAtMs: number }
  | { kind: 'custody'; sentAtMs: number }
  | { kind: 'leave'; sentAtMs: number }
  | { kind: 'renew'; leaseIds: readonly LeaseId[]; sentAtMs: number }
  | { kind: 'return'; leaseId: LeaseId; indexes: readonly number[]; sentAtMs: number }
  | { kind: 'hand-over'; leaseId: LeaseId; index: number; isFinal: boolean; sentAtMs: number }
  | { kind: 'receipts'; leaseId: LeaseId; indexes: readonly number[]; sentAtMs: number };

/** `code`: why this host cannot run it; null when it merely leaves or pauses. */
type ReturnedUnit = UnitRef & { code: ErrorCode | null; isSent: boolean };

type Later = { code: string; message: string; openUnitCount: number };

type Counters = { computed: number; recorded: number; settled: number; refused: number; failed: number };

type Fields = {
  connection: Connection;
  connectionNumber: number;
  /** Failed attempts since the last welcome. */
  failureCount: number;
  /** Since when there is no connection; null while online. */
  offlineSinceMs: number | null;
  /** Why there is no connection; null while online. */
  lastTrouble: Trouble | null;
  /** Why the last upload of a result failed; null once one has succeeded. */
  uploadTrouble: Trouble | null;
  /** Another worker uses the same key; believed until then. */
  twin: { trouble: Trouble; untilMs: number } | null;
  /** When another connection last took the place of this worker's. */
  replacedAtMs: number;
  /** Why the coordinator takes no signed call of this host, and so no large result; null: it does. */
  callTrouble: { code: string } | null;
  /** The coordinator takes receipts of this host later, not before `untilMs`; null once it has taken one. */
  reportsHeld: { code: string; untilMs: number } | null;
  isBound: boolean;
  identity: Identity | null;
  /** What the coordinator of this connection can make use of. */
  features: readonly string[];
  nextRequestId: number;
  timeoutCount: number;
  askAtMs: number;
  later: Later | null;
  averageUnitMs: number | null;
  averageInputBytes: number;
  recentManifests: readonly Cid[];
  pauses: ReadonlySet<PauseReason>;
  custodyAtMs: number;
  stateSent: { text: string; units: string; atMs: number };
  leaving: {
    reason: string;
    isFinished: boolean;
    /** For receipts and the farewell; runs once nothing is being handed over. */
    deadlineMs: number;
    handOverDeadlineMs: number;
    isSaid: boolean;
  } | null;
  ended: Ending | null;
  counters: Counters;
};

/** Units and results are keyed by `unitKey`, in the order of their arrival. */
export type WorkerState = Readonly<Fields> & {
  readonly options: CoreOptions;
  readonly leases: ReadonlyMap<LeaseId, HeldLease>;
  readonly units: ReadonlyMap<string, HeldUnit>;
  readonly results: ReadonlyMap<string, HeldResult>;
  /** Units given back, until the coordinator has acknowledged it. */
  readonly returns: ReadonlyMap<string, ReturnedUnit>;
  readonly pending: ReadonlyMap<number, Pending>;
};

/** A writable copy of a state: alive during one step only. */
export type Draft = Fields & {
  readonly options: CoreOptions;
  readonly leases: Map<LeaseId, HeldLease>;
  readonly units: Map<string, HeldUnit>;
  readonly results: Map<string, HeldResult>;
  readonly returns: Map<string, ReturnedUnit>;
  readonly pending: Map<number, Pending>;
  readonly effects: WorkerEffect[];
};

export function unitKey({ leaseId, index }: UnitRef): string {
  return `${leaseId}/${index}`;
}

/** The state before `started`. */
export function initialState(options: CoreOptions): WorkerState {
  return {
    options,
    connection: { phase: 'offline', retryAtMs: Number.POSITIVE_INFINITY },
    connectionNumber: 0,
    failureCount: 0,
    offlineSinceMs: null,
    lastTrouble: null,
    uploadTrouble: null,
    twin: null,
    replacedAtMs: Number.NEGATIVE_INFINITY,
    callTrouble: null,
    reportsHeld: null,
    isBound: false,
    identity: null,
    features: [],
    nextRequestId: 0,
    timeoutCount: 0,
    askAtMs: 0,
    later: null,
    averageUnitMs: null,
    averageInputBytes: 0,
    recentManifests: [],
    pauses: new Set(),
    custodyAtMs: 0,
    stateSent: { text: '', units: '', atMs: Number.NEGATIVE_INFINITY },
    leaving: null,
    ended: null,
    counters: { computed: 0, recorded: 0, settled: 0, refused: 0, failed: 0 },
    leases: new Map(),
    units: new Map(),
    results: new Map(),
    returns: new Map(),
    pending: new Map(),
  };
}

export function draftOf(state: WorkerState): Draft {
  return {
    ...state,
    leases: new Map(state.leases),
    units: new Map(state.units),
    results: new Map(state.results),
    returns: new Map(state.returns),
    pending: new Map(state.pending),
    effects: [],
  };
}

/** Even numbers are the core's; odd ones are free for others who speak over the same connection. */
export function takeRequestId(draft: Draft): number {
  const id = draft.nextRequestId;
  draft.nextRequestId = (id + 2) % 2 ** 31;
  return id;
}

/** Units that run now, oldest first: those that wait in the executor's line do not count. */
export function runningUnits({ units, options }: Pick<WorkerState, 'units' | 'options'>): HeldUnit[] {
  const running: HeldUnit[] = [];
  for (const unit of units.values()) {
    if (running.length === options.cores) break;
    if (unit.phase === 'running' || unit.phase === 'stopping') running.push(unit);
  }
  return running;
}

export function runningCount(state: Pick<WorkerState, 'units' | 'options'>): number {
  return runningUnits(state).length;
}

/** Whether a checkpoint is on its way: a leaving worker waits for it, past a broken connection too. */
export function isHandingOver({ units }: { units: ReadonlyMap<string, HeldUnit> }): boolean {
  for (const { handOver } of units.values()) if (handOver !== 'none' && handOver !== 'failed') return true;
  return false;
}

export function isOnline(state: { connection: Connection }): boolean {
  return state.connection.phase === 'online';
}

export function isPaused(state: { pauses: ReadonlySet<PauseReason> }): boolean {
  return state.pauses.size > 0;
}

export function endWith(draft: Draft, ending: { reason: string; code: ErrorCode | null; isFinished: boolean }): void {
  if (draft.ended) return;
  draft.ended = ending;
  draft.effects.push({ do: 'hang-up', connection: draft.connectionNumber }, { do: 'end', ending });
}

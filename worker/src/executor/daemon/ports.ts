// What the daemon and the executor owe each other: units go in, their results and snapshots come out.
import type { ErrorCode } from '@manyhands/contract';
import type { Wall } from '@manyhands/sandbox';
import type { Execution, ExpectedState, RunMessage, SnapshotHead } from '../messages/messages.js';

/** Content by name (its identifier); `read` is called only when the executor does not have it yet. */
export type BlobSource = { name: string; sizeBytes: number; read(): Promise<Uint8Array> };

/** One unit. `module` is the build that is to run; its name is its content identifier. */
export type ExecutorTask = Pick<
  RunMessage,
  | 'build'
  | 'markSpacing'
  | 'args'
  | 'env'
  | 'collect'
  | 'okExitCodes'
  | 'seed'
  | 'clockMs'
  | 'fuelMaximum'
  | 'limits'
  | 'timeoutMs'
> & { module: BlobSource; stdin: BlobSource | null; files: readonly { name: string; blob: BlobSource }[] };

/** A snapshot that a run goes on from. */
export type SavedSnapshot = {
  sizeBytes: number;
  isCompressed: boolean;
  /** Time that the unit took before it. */
  elapsedMs: number;
  /** Set for a checkpoint of another host: what it must turn out to be. */
  expected: ExpectedState | null;
  /** The bytes in pieces of at most 1 MiB. Throws when they are damaged. */
  read(): AsyncIterable<Uint8Array>;
};

export type SnapshotWriter = {
  write(piece: Uint8Array): Promise<void>;
  /** Resolves once the snapshot is durable. */
  commit(): Promise<void>;
  abort(): Promise<void>;
};

/** What happens to the snapshots of a run. */
export type Keeping = {
  /** Time between two; null: as often as costs next to nothing. */
  intervalMs: number | null;
  /** Where the run goes on from; null: from the beginning. */
  saved: SavedSnapshot | null;
  /** A snapshot comes; null: it is not wanted (quota). */
  open(head: SnapshotHead): Promise<SnapshotWriter | null>;
  /** The run goes on from `saved`, at this fuel. */
  onResumed(fuel: number): void;
};

/**
 * `crashed`: the process died under the run. `stopped`: as asked, or the process died before the run had begun. `unreadable`: the bytes could not be read.
 * `refused`: the saved snapshot is not one that can be gone on from (MH-CKP-…).
 */
export type RunResult =
  | { kind: 'execution'; execution: Execution }
  | { kind: 'stopped' }
  | { kind: 'crashed' }
  | { kind: 'refused'; code: ErrorCode; message: string }
  | { kind: 'unreadable'; error: unknown };

export type RunProgress = { readonly fuel: number; readonly markCount: number };

export type Run = {
  finished: Promise<RunResult>;
  /** How far it has come, as far as it said. */
  progress(): RunProgress;
  /** Ends it; nothing of it is wanted any more. */
  stop(): void;
  /** Ends it at its next slice, with a snapshot. */
  pause(): void;
  /** Takes a snapshot with its state hash; `isFinal`: and ends there. */
  handOver(isFinal: boolean): void;
};

export type ExecutorOptions = {
  /** Units that run at a time. */
  threadCount: number;
  /** All linear memories together; also the largest of one. */
  memoryBytes: number;
  /** How far the process gives way to others: 19 (the default) always, 0 not at all. */
  nice?: number;
  /** What the process stands behind; by default the best that this computer lets stand. */
  wall?: Wall;
};

export type Executor = {
  /** Process id, or null while none runs. */
  pid(): number | null;
  /** Starts a unit, or puts it in line. Of short units many may be given at a time: they travel together. */
  start(task: ExecutorTask, keeping?: Keeping): Run;
  /** The same without snapshots, as one promise. */
  run(task: ExecutorTask, signal?: AbortSignal): Promise<RunResult>;
  stop(): Promise<void>;
};

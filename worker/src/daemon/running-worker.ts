// A running worker as its caller sees it: its status, and its end.
import { errorEntry } from '@manyhands/contract';
import type { Ending } from '@manyhands/worker-core';
import type { WorkerStatus } from './status.js';

/** How a worker ended. `exitCode`: 0 done or left, 2 refused, 3 trouble of network or disk, 70 a fault of ours. */
export type WorkerEnd = { reason: string; code: string | null; exitCode: number };

export type RunningWorker = {
  /** Resolves when the worker has ended and let go of everything. */
  done: Promise<WorkerEnd>;
  /** Leaves gracefully: gives units back, hands over receipts, says farewell. Resolves when it is done. */
  stop(): Promise<void>;
  status(): WorkerStatus;
  /** Calls over HTTP from where all its connections come from. */
  readonly fetch: typeof fetch;
  /** Whether it ends, or has ended, to begin anew as another host: `done`, then `startWorker` again. */
  isRenewed(): boolean;
  /** Calls back after changes, at most a few times a second. Returns the way to stop that. */
  onStatus(listener: (status: WorkerStatus) => void): () => void;
};

export function endOf({ reason, code }: Ending): WorkerEnd {
  if (code === null) return { reason, code, exitCode: 0 };
  const { fault, retryable } = errorEntry(code);
  if (fault === 'self') return { reason, code, exitCode: 70 };
  return { reason, code, exitCode: retryable || fault === 'platform' ? 3 : 2 };
}

/** Tells listeners of the newest status, at most once in an interval, the last one always. */
export class StatusFeed {
  readonly #listeners = new Set<(status: WorkerStatus) => void>();
  readonly #intervalMs: number;
  readonly #read: () => WorkerStatus;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { intervalMs: number }, dependencies: { read(): WorkerStatus }) {
    this.#intervalMs = options.intervalMs;
    this.#read = dependencies.read;
  }

  add(listener: (status: WorkerStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    if (this.#listeners.size > 0) this.#timer ??= setTimeout(() => this.flush(), this.#intervalMs);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const status = this.#read();
    for (const listener of this.#listeners) listener(status);
  }

  /** Says the last status; nothing is said after it. */
  close(): void {
    this.flush();
    this.#listeners.clear();
  }
}

// What the executor's main thread and its unit threads say to each other. Both are our own code.
import type { MessagePort } from 'node:worker_threads';
import type { Build } from '@manyhands/contract';
import type { UnitInput } from '@manyhands/runtime';
import type { Ask, ResultMessage, ResumeMessage, SnapshotHead } from './messages.js';

export type ThreadTask = {
  id: number;
  build: Build;
  moduleCid: string;
  markSpacing: number;
  input: UnitInput;
  timeoutMs: number;
  resume: (ResumeMessage & { bytes: Uint8Array<ArrayBuffer> }) | null;
  snapshotIntervalMs: number | null | 'never';
};

/** One task of the pool: units of one module, run one after the other. What is said meanwhile goes over the port. */
export type ThreadBatch = {
  module: WebAssembly.Module;
  tasks: readonly ThreadTask[];
  port: MessagePort;
  /** One number in shared memory: how many of the tasks have ended, also when their results have not been reported yet. */
  endedCount: Int32Array<SharedArrayBuffer>;
};

export type ToThread =
  | { kind: 'ask'; id: number; ask: Ask }
  /** The snapshot is durable, or not wanted: the next one may follow. */
  | { kind: 'kept'; id: number }
  /** Give back the units that have not begun. */
  | { kind: 'shed' };

export type FromThread =
  | { kind: 'results'; results: ResultMessage[] }
  /** So many units, the last of the batch, will not be run. */
  | { kind: 'shed'; count: number }
  | { kind: 'resumed'; id: number; fuel: number }
  /** A slice of the run ended, or a snapshot of it begins. */
  | { kind: 'alive'; id: number; isSaving: boolean; fuel: number; markCount: number }
  | { kind: 'snapshot'; id: number; head: SnapshotHead; bytes: Uint8Array<ArrayBuffer> };

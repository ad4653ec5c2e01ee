// A batch of units in a thread of the pool, with a channel of its own for what is asked and answered while it runs.
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { awakeNowMs } from '@manyhands/contract';
import type { Piscina } from 'piscina';
import type { FromThread, ThreadBatch, ThreadTask, ToThread } from '../messages/thread-messages.js';
import type { Batch } from './task-queue.js';

/** Several times what the units of a batch are meant to take together. */
const SLOW_MS = 1_000;

export type BatchEvents = {
  onMessage(batch: RunningBatch, message: FromThread): void;
  /** The thread has returned, or is gone; not after `terminate`. */
  onEnded(batch: RunningBatch, error: Error | null): void;
};

export class RunningBatch {
  readonly module: WebAssembly.Module;
  /** Tasks whose results have not come, in the order in which they run. */
  readonly tasks: Map<number, ThreadTask>;
  /** When the thread was last heard of, by the awake clock. */
  heardAtMs = awakeNowMs();
  /** How far the run has come that is under way: id, fuel, marks. */
  progress: readonly [number, number, number] | null = null;
  /** Takes a snapshot: may be silent for longer. */
  isSaving = false;
  #order: readonly ThreadTask[];
  #isAskedToShed = false;
  readonly #beganAtMs = awakeNowMs();
  readonly #endedCount = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #events: BatchEvents;
  readonly #port: MessagePort;
  readonly #termination = new AbortController();

  constructor({ module, tasks }: Batch, { pool, events }: { pool: Piscina; events: BatchEvents }) {
    this.module = module;
    this.#order = tasks;
    this.tasks = new Map(tasks.map((task) => [task.id, task]));
    this.#events = events;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.on('message', (message: FromThread) => this.#hear(message));
    const batch: ThreadBatch = { module, tasks, port: port2, endedCount: this.#endedCount };
    const snapshots = tasks.flatMap(({ resume }) => resume?.bytes.buffer ?? []);
    const options = { transferList: [port2, ...snapshots], signal: this.#termination.signal };
    pool.run(batch, options).then(
      () => this.#end(null),
      (error: Error) => this.#end(error),
    );
  }

  /** The task that runs now. Those before it have ended, even if their results are still on their way. */
  current(): ThreadTask | undefined {
    return this.#order[Atomics.load(this.#endedCount, 0)];
  }

  /** Of a batch that takes much longer than such batches do: others could run the units that wait in it. */
  shedIfSlow(nowMs: number): void {
    const hasWaiting = this.tasks.size > 1;
    if (this.#isAskedToShed || !hasWaiting || nowMs - this.#beganAtMs < SLOW_MS) return;
    this.#isAskedToShed = true;
    this.tell({ kind: 'shed' });
  }

  /** The last units of the batch, which its thread has given back. */
  takeShed(count: number): ThreadTask[] {
    const kept = this.#order.length - count;
    const shed = this.#order.slice(kept);
    this.#order = this.#order.slice(0, kept);
    for (const { id } of shed) this.tasks.delete(id);
    return shed;
  }

  tell(message: ToThread): void {
    this.#port.postMessage(message);
  }

  /** Ends the thread at once, whatever it does. Nothing is heard of the batch any more. */
  terminate(): void {
    this.#termination.abort();
    this.#port.close();
  }

  #hear(message: FromThread): void {
    if (!this.#termination.signal.aborted) this.#events.onMessage(this, message);
  }

  #end(error: Error | null): void {
    if (this.#termination.signal.aborted) return;
    // The thread's last words come by another way than the news of its end.
    for (let last = receiveMessageOnPort(this.#port); last; last = receiveMessageOnPort(this.#port))
      this.#hear(last.message);
    this.#port.close();
    this.#events.onEnded(this, error);
  }
}

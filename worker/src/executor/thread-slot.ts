// One thread of the pool and the batch that it works on. Replaced when it was terminated.
import { Worker } from 'node:worker_threads';
import type { FromThread, ThreadTask, ToThread } from './thread-messages.js';

/** Deep recursion in a unit needs a deep native stack; its pages are only used when touched. */
const RESOURCE_LIMITS = { stackSizeMb: 16, maxOldGenerationSizeMb: 512 };

export type SlotEvents = {
  onMessage(slot: ThreadSlot, message: FromThread): void;
  /** The thread is gone, whatever the reason. */
  onGone(slot: ThreadSlot, error: Error | null): void;
};

export class ThreadSlot {
  /** Tasks without a result, in the order in which they run. */
  readonly batch = new Map<number, ThreadTask>();
  /** When the thread was last heard of while it had something to do. */
  heardAtMs = 0;
  /** Takes a snapshot: may be silent for longer. */
  isSaving = false;
  idleSinceMs = performance.now();
  readonly #worker: Worker;
  #isGone = false;

  constructor(events: SlotEvents) {
    this.#worker = new Worker(new URL('./unit-thread.js', import.meta.url), {
      env: {},
      resourceLimits: RESOURCE_LIMITS,
    });
    let failure: Error | null = null;
    this.#worker.on('message', (message: FromThread) => {
      if (!this.#isGone) events.onMessage(this, message);
    });
    this.#worker.on('error', (error: Error) => {
      failure = error;
    });
    this.#worker.on('exit', () => {
      if (this.#isGone) return;
      this.#isGone = true;
      events.onGone(this, failure);
    });
  }

  isIdle(): boolean {
    return this.batch.size === 0;
  }

  /** The task that runs now: the first without a result. */
  current(): ThreadTask | undefined {
    const [first] = this.batch.values();
    return first;
  }

  begin(module: WebAssembly.Module, tasks: readonly ThreadTask[]): void {
    for (const task of tasks) this.batch.set(task.id, task);
    this.heardAtMs = performance.now();
    const snapshots = tasks.flatMap(({ resume }) => resume?.bytes.buffer ?? []);
    this.#post({ kind: 'batch', module, tasks }, snapshots);
  }

  tell(message: Exclude<ToThread, { kind: 'batch' }>): void {
    this.#post(message, []);
  }

  /** Ends the thread at once, whatever it does. Nothing is heard of it any more. */
  terminate(): void {
    this.#isGone = true;
    void this.#worker.terminate();
  }

  #post(message: ToThread, transfer: ArrayBuffer[]): void {
    this.#worker.postMessage(message, transfer);
  }
}

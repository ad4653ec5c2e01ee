// Units that wait for a thread: given out in order, short ones of one module several at a time.
import type { ThreadTask } from '../messages/thread-messages.js';

export type QueuedTask = { task: ThreadTask; module: WebAssembly.Module };
export type Batch = { module: WebAssembly.Module; tasks: ThreadTask[] };

/** Work of one message to a thread: long against the milliseconds that pass, on a busy machine, until the next one is there. */
const BATCH_MS = 250;
const BATCH_UNITS_MAXIMUM = 256;
/** Weight of the newest duration in a module's average. */
const WEIGHT = 0.2;
const AVERAGES_MAXIMUM = 256;

export class TaskQueue {
  #waiting: QueuedTask[] = [];
  readonly #averagesMs = new Map<string, number>();

  add(queued: QueuedTask): void {
    this.#waiting.push(queued);
  }

  /** Back to the front of the line: their thread was lost to another unit. */
  putBack(queued: readonly QueuedTask[]): void {
    this.#waiting.unshift(...queued);
  }

  /** Takes a unit out of the line; false when it does not stand in it. */
  remove(id: number): boolean {
    const before = this.#waiting.length;
    this.#waiting = this.#waiting.filter(({ task }) => task.id !== id);
    return this.#waiting.length < before;
  }

  /** The next batch for one of `threadCount` idle threads. */
  take(threadCount: number): Batch | undefined {
    const first = this.#waiting.shift();
    if (!first) return undefined;
    const { module, task } = first;
    const tasks = [task];
    const share = Math.ceil((this.#waiting.length + 1) / Math.max(1, threadCount));
    const maximum = Math.min(BATCH_UNITS_MAXIMUM, share, this.#fittingCount(task));
    while (tasks.length < maximum && this.#waiting[0]?.task.moduleCid === task.moduleCid) {
      const next = this.#waiting.shift();
      if (next) tasks.push(next.task);
    }
    return { module, tasks };
  }

  /** Learns how long units of a module take. */
  record({ moduleCid }: ThreadTask, elapsedMs: number): void {
    const before = this.#averagesMs.get(moduleCid);
    if (before === undefined && this.#averagesMs.size >= AVERAGES_MAXIMUM) this.#averagesMs.clear();
    this.#averagesMs.set(moduleCid, before === undefined ? elapsedMs : before + (elapsedMs - before) * WEIGHT);
  }

  /** Of an unknown module one at a time: it may take days. */
  #fittingCount({ moduleCid, resume }: ThreadTask): number {
    const averageMs = this.#averagesMs.get(moduleCid);
    if (averageMs === undefined || resume) return 1;
    return Math.max(1, Math.floor(BATCH_MS / Math.max(0.1, averageMs)));
  }
}

// The threads of the executor process: each runs a batch of units; what does not stop, or is not heard of any more, is terminated.
import { awakeNowMs } from '@manyhands/contract';
import { Piscina } from 'piscina';
import { hostFailure } from '../messages/failures.js';
import type { Ask, FromExecutor, ResultMessage } from '../messages/messages.js';
import type { FromThread, ThreadTask } from '../messages/thread-messages.js';
import { RunningBatch } from './running-batch.js';
import { type QueuedTask, TaskQueue } from './task-queue.js';

export type PoolEvents = {
  say(message: FromExecutor): void;
  onResults(results: ResultMessage[]): void;
  onSnapshot(message: Extract<FromThread, { kind: 'snapshot' }>): void;
};

const CHECK_MS = 500;
/** Idle threads end and give all of their memory back. */
const IDLE_MAXIMUM_MS = 30_000;
/** Deep recursion in a unit needs a deep native stack; its pages are only used when touched. */
const RESOURCE_LIMITS = { stackSizeMb: 16, maxOldGenerationSizeMb: 512 };
/** A stop or pause must be obeyed within this, taking a snapshot not counted. */
const STOP_MAXIMUM_MS = 10_000;
/** The largest memory, hashed and copied on a busy machine. */
const SAVING_MAXIMUM_MS = 120_000;
/** Beyond its time limit, for a unit that is not heard of: slices are much shorter. */
const OVERTIME_MS = 5000;
/** The slack of a loop that does not yield is some seconds of work; hundreds mean that something is wrong. */
const SILENCE_MAXIMUM_MS = 5 * 60_000;

export class ThreadPool {
  readonly #threadCount: number;
  readonly #events: PoolEvents;
  readonly #queue = new TaskQueue();
  readonly #pool: Piscina;
  readonly #running = new Set<RunningBatch>();
  readonly #stopBy = new Map<number, number>();

  constructor(options: { threadCount: number }, dependencies: PoolEvents) {
    this.#threadCount = options.threadCount;
    this.#events = dependencies;
    this.#pool = new Piscina({
      filename: new URL('../thread/unit-thread.js', import.meta.url).href,
      name: 'runBatch',
      minThreads: 0,
      maxThreads: options.threadCount,
      concurrentTasksPerWorker: 1,
      idleTimeout: IDLE_MAXIMUM_MS,
      resourceLimits: RESOURCE_LIMITS,
      env: {},
      // Between batches a thread collects its garbage, and does not stand still waiting for the next.
      atomics: 'disabled',
    });
    // A thread that dies without work is replaced when there is some.
    this.#pool.on('error', () => {});
    setInterval(() => this.#check(), CHECK_MS).unref();
  }

  add(queued: QueuedTask): void {
    this.#queue.add(queued);
    this.#fill();
  }

  /** Passes on what a run is asked; one that has not begun, which is asked for no hand-over, ends at once. */
  ask(id: number, ask: Ask): void {
    if (this.#queue.remove(id)) {
      this.#events.onResults([{ kind: 'stopped', id }]);
      return;
    }
    const batch = this.#batchOf(id);
    if (!batch) return;
    batch.tell({ kind: 'ask', id, ask });
    if (ask !== 'hand-over' && !this.#stopBy.has(id)) this.#stopBy.set(id, awakeNowMs() + STOP_MAXIMUM_MS);
  }

  kept(id: number): void {
    this.#batchOf(id)?.tell({ kind: 'kept', id });
  }

  /** How far runs have come that are under way: id, fuel, marks. */
  progress(): [number, number, number][] {
    return [...this.#running].flatMap(({ progress, tasks }) =>
      progress && tasks.has(progress[0]) ? [[...progress]] : [],
    );
  }

  #batchOf(id: number): RunningBatch | undefined {
    for (const batch of this.#running) if (batch.tasks.has(id)) return batch;
    return undefined;
  }

  /** Never gives the pool more than it has threads: what waits does so here, where it can be batched and taken back. */
  #fill(): void {
    while (this.#running.size < this.#threadCount) {
      const batch = this.#queue.take(this.#threadCount);
      if (!batch) return;
      this.#events.say({ kind: 'begun', ids: batch.tasks.map(({ id }) => id) });
      const events = {
        onMessage: (from: RunningBatch, message: FromThread) => this.#onMessage(from, message),
        onEnded: (from: RunningBatch, error: Error | null) => this.#onEnded(from, error),
      };
      this.#running.add(new RunningBatch(batch, { pool: this.#pool, events }));
    }
  }

  #onMessage(batch: RunningBatch, message: FromThread): void {
    batch.heardAtMs = awakeNowMs();
    batch.isSaving = message.kind === 'alive' && message.isSaving;
    if (message.kind === 'alive') batch.progress = [message.id, message.fuel, message.markCount];
    if (message.kind === 'snapshot') this.#events.onSnapshot(message);
    else if (message.kind === 'resumed') this.#events.say(message);
    else if (message.kind === 'shed') {
      this.#release(batch, batch.takeShed(message.count));
      this.#fill();
    } else if (message.kind === 'results') {
      for (const result of message.results) this.#settle(batch, result);
      this.#events.onResults(message.results);
    }
  }

  #settle(batch: RunningBatch, result: ResultMessage): void {
    const task = batch.tasks.get(result.id);
    batch.tasks.delete(result.id);
    this.#stopBy.delete(result.id);
    if (task && result.kind === 'execution') this.#queue.record(task, result.execution.elapsedMs);
  }

  #check(): void {
    const nowMs = awakeNowMs();
    for (const batch of [...this.#running]) {
      const current = batch.current();
      if (!current) continue;
      batch.shedIfSlow(nowMs);
      if (batch.isSaving) this.#endSilent(batch, { current, nowMs, silenceMs: SAVING_MAXIMUM_MS });
      else if ((this.#stopBy.get(current.id) ?? Number.POSITIVE_INFINITY) <= nowMs)
        this.#end(batch, { kind: 'stopped', id: current.id });
      else {
        const silenceMs = Math.min(SILENCE_MAXIMUM_MS, current.timeoutMs + OVERTIME_MS);
        this.#endSilent(batch, { current, nowMs, silenceMs });
      }
    }
  }

  #endSilent(
    batch: RunningBatch,
    { current, nowMs, silenceMs }: { current: ThreadTask; nowMs: number; silenceMs: number },
  ): void {
    const elapsedMs = nowMs - batch.heardAtMs;
    if (elapsedMs < silenceMs) return;
    const message = `The unit was terminated: it did not come to the end of a slice within ${Math.round(elapsedMs)} ms.`;
    const execution = hostFailure({ code: 'MH-HOST-003', message, elapsedMs });
    this.#end(batch, { kind: 'execution', id: current.id, execution });
  }

  #onEnded(batch: RunningBatch, error: Error | null): void {
    const current = batch.current();
    if (!current) {
      this.#end(batch, null);
      return;
    }
    const { code: nodeCode, message = 'its thread ended' } = (error ?? {}) as NodeJS.ErrnoException;
    const code = nodeCode === 'ERR_WORKER_OUT_OF_MEMORY' ? 'MH-HOST-001' : 'MH-HOST-005';
    const execution = hostFailure({ code, message: `The unit could not be run: ${message}`, elapsedMs: 0 });
    this.#end(batch, { kind: 'execution', id: current.id, execution });
  }

  /** Ends a batch, its thread too if that still works on it; units without a result, but the one that it ends with, go on in another one. */
  #end(batch: RunningBatch, result: ResultMessage | null): void {
    this.#running.delete(batch);
    batch.terminate();
    if (result) this.#settle(batch, result);
    if (result) this.#events.onResults([result]);
    this.#release(batch, [...batch.tasks.values()]);
    this.#fill();
  }

  /** Units that a batch will not run: in line again, unless they were asked to stop. */
  #release({ module }: RunningBatch, tasks: readonly ThreadTask[]): void {
    const isStopped = (task: ThreadTask): boolean => this.#stopBy.has(task.id);
    const stopped = tasks.filter(isStopped).map(({ id }): ResultMessage => ({ kind: 'stopped', id }));
    const waiting = tasks.filter((task) => !isStopped(task));
    this.#queue.putBack(waiting.map((task) => ({ task, module })));
    if (waiting.length > 0) this.#events.say({ kind: 'waiting', ids: waiting.map(({ id }) => id) });
    for (const { id } of tasks) this.#stopBy.delete(id);
    this.#events.onResults(stopped);
  }
}

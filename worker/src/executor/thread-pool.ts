// The threads of the executor process: each runs a batch of units; what does not stop, or is not heard of any more, is terminated.
import type { Ask, FromExecutor, ResultMessage } from './messages.js';
import { type QueuedTask, TaskQueue } from './task-queue.js';
import type { FromThread, ThreadTask } from './thread-messages.js';
import { ThreadSlot } from './thread-slot.js';
import { hostFailure } from './unit-run.js';

export type PoolEvents = {
  say(message: FromExecutor): void;
  onResults(results: ResultMessage[]): void;
  onSnapshot(message: Extract<FromThread, { kind: 'snapshot' }>): void;
};

const CHECK_MS = 500;
const IDLE_MAXIMUM_MS = 30_000;
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
  readonly #modules = new Map<number, WebAssembly.Module>();
  readonly #slots = new Set<ThreadSlot>();
  readonly #stopBy = new Map<number, number>();

  constructor(options: { threadCount: number }, dependencies: PoolEvents) {
    this.#threadCount = options.threadCount;
    this.#events = dependencies;
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
    const slot = this.#slotOf(id);
    if (!slot) return;
    slot.tell({ kind: 'ask', id, ask });
    if (ask !== 'hand-over' && !this.#stopBy.has(id)) this.#stopBy.set(id, performance.now() + STOP_MAXIMUM_MS);
  }

  kept(id: number): void {
    this.#slotOf(id)?.tell({ kind: 'kept', id });
  }

  #slotOf(id: number): ThreadSlot | undefined {
    for (const slot of this.#slots) if (slot.batch.has(id)) return slot;
    return undefined;
  }

  #fill(): void {
    while (this.#queue.size > 0) {
      const slot = this.#idleSlot();
      const batch = slot && this.#queue.take(this.#threadCount);
      if (!slot || !batch) return;
      for (const { id } of batch.tasks) this.#modules.set(id, batch.module);
      this.#events.say({ kind: 'begun', ids: batch.tasks.map(({ id }) => id) });
      slot.begin(batch.module, batch.tasks);
    }
  }

  #idleSlot(): ThreadSlot | undefined {
    for (const slot of this.#slots) if (slot.isIdle()) return slot;
    if (this.#slots.size >= this.#threadCount) return undefined;
    const slot = new ThreadSlot({
      onMessage: (from, message) => this.#onMessage(from, message),
      onGone: (from, error) => this.#onGone(from, error),
    });
    this.#slots.add(slot);
    return slot;
  }

  #onMessage(slot: ThreadSlot, message: FromThread): void {
    slot.heardAtMs = performance.now();
    slot.isSaving = message.kind === 'alive' && message.isSaving;
    if (message.kind === 'snapshot') this.#events.onSnapshot(message);
    else if (message.kind === 'resumed') this.#events.say(message);
    else if (message.kind === 'results') {
      for (const result of message.results) this.#settle(slot, result);
      this.#events.onResults(message.results);
      if (slot.isIdle()) slot.idleSinceMs = performance.now();
      this.#fill();
    }
  }

  #settle(slot: ThreadSlot, result: ResultMessage): void {
    const task = slot.batch.get(result.id);
    slot.batch.delete(result.id);
    this.#modules.delete(result.id);
    this.#stopBy.delete(result.id);
    if (task && result.kind === 'execution') this.#queue.record(task, result.execution.elapsedMs);
  }

  #check(): void {
    const nowMs = performance.now();
    for (const slot of [...this.#slots]) {
      const current = slot.current();
      if (!current) this.#retire(slot, nowMs);
      else if (slot.isSaving) this.#endSilent(slot, { current, nowMs, silenceMs: SAVING_MAXIMUM_MS });
      else if ((this.#stopBy.get(current.id) ?? Number.POSITIVE_INFINITY) <= nowMs)
        this.#end(slot, { kind: 'stopped', id: current.id });
      else {
        const silenceMs = Math.min(SILENCE_MAXIMUM_MS, current.timeoutMs + OVERTIME_MS);
        this.#endSilent(slot, { current, nowMs, silenceMs });
      }
    }
  }

  /** An idle thread gives its memory back. */
  #retire(slot: ThreadSlot, nowMs: number): void {
    if (nowMs - slot.idleSinceMs < IDLE_MAXIMUM_MS) return;
    this.#slots.delete(slot);
    slot.terminate();
  }

  #endSilent(
    slot: ThreadSlot,
    { current, nowMs, silenceMs }: { current: ThreadTask; nowMs: number; silenceMs: number },
  ): void {
    const elapsedMs = nowMs - slot.heardAtMs;
    if (elapsedMs < silenceMs) return;
    const message = `The unit was terminated: it did not come to the end of a slice within ${Math.round(elapsedMs)} ms.`;
    const execution = hostFailure({ code: 'MH-HOST-003', message, elapsedMs });
    this.#end(slot, { kind: 'execution', id: current.id, execution });
  }

  #onGone(slot: ThreadSlot, error: Error | null): void {
    const current = slot.current();
    if (!current) {
      this.#slots.delete(slot);
      return;
    }
    const { code: nodeCode, message = 'its thread ended' } = (error ?? {}) as NodeJS.ErrnoException;
    const code = nodeCode === 'ERR_WORKER_OUT_OF_MEMORY' ? 'MH-HOST-001' : 'MH-HOST-005';
    const execution = hostFailure({ code, message: `The unit could not be run: ${message}`, elapsedMs: 0 });
    this.#end(slot, { kind: 'execution', id: current.id, execution });
  }

  /** Ends a thread for the sake of its current unit; the other units of its batch go on in another one. */
  #end(slot: ThreadSlot, result: ResultMessage): void {
    this.#slots.delete(slot);
    slot.terminate();
    this.#settle(slot, result);
    const others = [...slot.batch.values()];
    const isStopped = (task: ThreadTask): boolean => this.#stopBy.has(task.id);
    const stopped = others.filter(isStopped).map((task): ResultMessage => ({ kind: 'stopped', id: task.id }));
    this.#queue.putBack(
      others.flatMap((task) => {
        const module = this.#modules.get(task.id);
        return isStopped(task) || !module ? [] : [{ task, module }];
      }),
    );
    for (const { id } of others) {
      this.#stopBy.delete(id);
      this.#modules.delete(id);
    }
    this.#events.onResults([result, ...stopped]);
    this.#fill();
  }
}

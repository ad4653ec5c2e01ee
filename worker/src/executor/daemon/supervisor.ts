// The daemon's side of the executor: sends units with the bytes they need, respawns the process when it dies, and kills it when it misbehaves.
import { isErrorCode } from '@manyhands/contract';
import { type Confined, findWall, type Wall, watchMemory } from '@manyhands/sandbox';
import { type Ask, type FromExecutor, fromExecutorSchema, type ResultMessage } from '../messages/messages.js';
import { BlobMirror } from './blob-mirror.js';
import { launchExecutor } from './launch-executor.js';
import { Liveness } from './liveness.js';
import type {
  BlobSource,
  Executor,
  ExecutorOptions,
  ExecutorTask,
  Keeping,
  Run,
  RunProgress,
  RunResult,
  SavedSnapshot,
} from './ports.js';
import { runMessage } from './run-message.js';
import { SnapshotReceiver } from './snapshot-receiver.js';
import { ToChild } from './to-child.js';

const LOWEST_PRIORITY = 19;
/** Inputs and modules kept in the executor between units. */
const CACHE_SHARE = 0.25;
const CACHE_MAXIMUM_BYTES = 512 * 1024 * 1024;
/** What the process may take beside the linear memories: Node and the cache of inputs; for each thread, the files and output of its unit. */
const OVERHEAD_BYTES = 768 * 1024 * 1024;
const OVERHEAD_PER_THREAD_BYTES = 384 * 1024 * 1024;
/** What the C library keeps of freed memory goes back only with the process: one without work that holds more, its cache aside, is ended. */
const IDLE_MAXIMUM_BYTES = 192 * 1024 * 1024;
/** Seconds without work. */
const IDLE_CHECKS = 3;
/** While snapshots are taken, memories exist twice. */
const SNAPSHOT_FACTOR = 2;

const NOT_BEGUN: RunProgress = { fuel: 0, markCount: 0 };

type HeldRun = {
  id: number;
  task: ExecutorTask;
  keeping: Keeping | null;
  blobs: BlobSource[];
  /** The process that has it; null while it is being prepared. */
  child: ToChild | null;
  isBegun: boolean;
  /** A hand-over that waits for the run to begin. */
  waitingAsk: Ask | null;
  receiver: SnapshotReceiver | null;
  progress: RunProgress;
  settle(result: RunResult): void;
};

export class ExecutorSupervisor implements Executor {
  readonly #options: ExecutorOptions;
  readonly #wall: Promise<Wall>;
  readonly #mirror: BlobMirror;
  readonly #runs = new Map<number, HeldRun>();
  #child: ToChild | null = null;
  #stopWatching: () => void = () => {};
  #nextId = 0;
  #isStopped = false;
  /** Runs prepare one after the other, so that no blob is sent twice. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: ExecutorOptions) {
    this.#options = options;
    this.#wall = options.wall ? Promise.resolve(options.wall) : findWall({ policy: 'best' });
    this.#mirror = new BlobMirror(Math.min(CACHE_MAXIMUM_BYTES, options.memoryBytes * CACHE_SHARE));
  }

  pid(): number | null {
    return this.#child?.pid ?? null;
  }

  start(task: ExecutorTask, keeping: Keeping | null = null): Run {
    const id = this.#nextId++;
    const begun = { child: null, isBegun: false, waitingAsk: null, receiver: null };
    const finished = new Promise<RunResult>((settle) => {
      const run: HeldRun = { id, task, keeping, blobs: blobsOf(task), ...begun, progress: NOT_BEGUN, settle };
      this.#runs.set(id, run);
      if (this.#isStopped) void this.#end(run, { kind: 'stopped' });
      else this.#turn = this.#turn.then(() => this.#begin(run));
    });
    const ask = (what: Ask): void => this.#ask(id, what);
    return {
      finished,
      progress: () => this.#runs.get(id)?.progress ?? NOT_BEGUN,
      stop: () => ask('stop'),
      pause: () => ask('pause'),
      handOver: (isFinal) => ask(isFinal ? 'final-hand-over' : 'hand-over'),
    };
  }

  async run(task: ExecutorTask, signal?: AbortSignal): Promise<RunResult> {
    if (signal?.aborted) return { kind: 'stopped' };
    const run = this.start(task);
    const onAbort = (): void => run.stop();
    signal?.addEventListener('abort', onAbort, { once: true });
    return run.finished.finally(() => signal?.removeEventListener('abort', onAbort));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#child?.kill();
    await Promise.all([...this.#runs.values()].map((run) => this.#end(run, { kind: 'stopped' })));
  }

  /** Sends what the run needs and the executor does not have; then the run itself. Never rejects. */
  async #begin(run: HeldRun): Promise<void> {
    const wall = await this.#wall;
    // Stopped meanwhile: a process that is launched now would be ended by nobody.
    if (!this.#runs.has(run.id)) return;
    const child = this.#liveChild(wall);
    const missing = run.blobs.filter(({ name }) => !this.#mirror.has(name));
    const contents: Uint8Array[] = [];
    try {
      for (const blob of missing) contents.push(await blob.read());
    } catch (error) {
      void this.#end(run, { kind: 'unreadable', error });
      return;
    }
    if (!this.#runs.has(run.id)) return;
    // The process died meanwhile, and its cache with it.
    if (child !== this.#child) return this.#begin(run);
    run.child = child;
    for (const name of this.#mirror.use(run.blobs)) child.send({ kind: 'forget', name });
    for (const [index, { name }] of missing.entries())
      child.send({ kind: 'blob', name, bytes: contents[index] ?? new Uint8Array() });
    if (run.keeping?.saved) void this.#sendResumed(run, child, run.keeping.saved);
    else child.sendRun(runMessage(run, null));
  }

  /** The snapshot goes first, piece by piece. */
  async #sendResumed(run: HeldRun, child: ToChild, saved: SavedSnapshot): Promise<void> {
    try {
      for await (const bytes of saved.read()) {
        if (!this.#runs.has(run.id)) return;
        await child.sendPiece({ kind: 'piece', id: run.id, bytes });
      }
      if (this.#runs.has(run.id)) child.sendRun(runMessage(run, saved));
    } catch {
      const message = 'The checkpoint cannot be read, or is damaged.';
      void this.#end(run, { kind: 'refused', code: 'MH-CKP-001', message });
    }
  }

  /** What has not begun has nothing to keep; but a run from a snapshot can be handed over as soon as it has begun. */
  #ask(id: number, ask: Ask): void {
    const run = this.#runs.get(id);
    if (!run) return;
    const isHandOver = ask === 'hand-over' || (ask === 'final-hand-over' && run.keeping?.saved);
    if (isHandOver && !run.isBegun) run.waitingAsk = ask;
    else if (run.child) run.child.send({ kind: 'ask', id, ask });
    else void this.#end(run, { kind: 'stopped' });
  }

  #liveChild(wall: Wall): ToChild {
    if (this.#child) return this.#child;
    const { threadCount, memoryBytes, nice = LOWEST_PRIORITY } = this.#options;
    const processBytes = memoryBytes * SNAPSHOT_FACTOR + OVERHEAD_BYTES + threadCount * OVERHEAD_PER_THREAD_BYTES;
    const confined = launchExecutor({ threadCount, memoryBytes, processBytes, nice }, wall);
    const child = new ToChild(confined);
    this.#child = child;
    confined.child.on('message', (message) => this.#onMessage(child, message));
    confined.child.on('error', () => this.#onGone(child));
    confined.child.on('exit', () => this.#onGone(child));
    confined.child.stderr?.resume();
    const stopWatching = this.#watch(child, { confined, processBytes });
    const liveness = new Liveness(confined, () => confined.end());
    confined.child.on('message', () => liveness.heard());
    this.#stopWatching = () => {
      stopWatching();
      liveness.stop();
    };
    return child;
  }

  #watch(child: ToChild, { confined, processBytes }: { confined: Confined; processBytes: number }): () => void {
    let idleCount = 0;
    return watchMemory(confined, (residentBytes) => {
      if (residentBytes > processBytes) confined.end();
      const isLarge = residentBytes > IDLE_MAXIMUM_BYTES + this.#mirror.usedBytes;
      idleCount = this.#runs.size === 0 && isLarge ? idleCount + 1 : 0;
      if (idleCount < IDLE_CHECKS) return;
      this.#onGone(child);
      confined.end();
    });
  }

  #onMessage(child: ToChild, value: unknown): void {
    const message = fromExecutorSchema.safeParse(value);
    // The executor runs foreign code: what it says is checked, and one that says something else is ended.
    if (!message.success) void child.kill();
    else if (child === this.#child) this.#hear(child, message.data);
  }

  #hear(child: ToChild, message: FromExecutor): void {
    switch (message.kind) {
      case 'begun':
        for (const id of message.ids) this.#with(id, (run) => this.#markBegun(run));
        break;
      case 'waiting':
        for (const id of message.ids)
          this.#with(id, (run) => {
            run.isBegun = false;
          });
        break;
      case 'results':
        for (const result of message.results) this.#with(result.id, (run) => void this.#end(run, resultOf(result)));
        break;
      case 'progress':
        for (const [id, fuel, markCount] of message.runs)
          this.#with(id, (run) => {
            run.progress = { fuel, markCount };
          });
        break;
      case 'resumed':
        this.#with(message.id, ({ keeping }) => keeping?.onResumed(message.fuel));
        break;
      case 'snapshot':
        this.#with(message.id, (run) => this.#receive(child, run, message));
        break;
      case 'piece':
        this.#with(message.id, ({ receiver }) => receiver?.add(message.bytes));
        break;
    }
  }

  #with(id: number, act: (run: HeldRun) => void): void {
    const run = this.#runs.get(id);
    if (run) act(run);
  }

  #markBegun(run: HeldRun): void {
    run.isBegun = true;
    if (run.waitingAsk) run.child?.send({ kind: 'ask', id: run.id, ask: run.waitingAsk });
  }

  #receive(child: ToChild, run: HeldRun, { id, head }: Extract<FromExecutor, { kind: 'snapshot' }>): void {
    const { keeping } = run;
    if (!keeping) return;
    void run.receiver?.abort();
    run.receiver = new SnapshotReceiver(head, {
      keeping,
      events: { onMore: () => child.send({ kind: 'more', id }), onKept: () => child.send({ kind: 'kept', id }) },
    });
  }

  /** A run has ended when nothing of its snapshot is written any more: whoever starts it again goes on from the last one. */
  async #end(run: HeldRun, result: RunResult): Promise<void> {
    if (!this.#runs.delete(run.id)) return;
    if (run.child === this.#child && run.child) this.#mirror.release(run.blobs);
    if (run.receiver) await run.receiver.abort();
    run.settle(result);
  }

  /** Runs that had begun may be to blame; the others simply start again. */
  #onGone(child: ToChild): void {
    if (child !== this.#child) return;
    this.#child = null;
    this.#stopWatching();
    this.#mirror.clear();
    const lost = [...this.#runs.values()].filter((run) => run.child === child);
    const isAnyBegun = lost.some(({ isBegun }) => isBegun);
    for (const run of lost) {
      const isCrashed = !this.#isStopped && (run.isBegun || !isAnyBegun);
      void this.#end(run, { kind: isCrashed ? 'crashed' : 'stopped' });
    }
  }
}

function blobsOf({ module, stdin, files }: ExecutorTask): BlobSource[] {
  const blobs = [module, ...(stdin ? [stdin] : []), ...files.map(({ blob }) => blob)];
  return [...new Map(blobs.map((blob) => [blob.name, blob])).values()];
}

function resultOf(message: ResultMessage): RunResult {
  if (message.kind === 'execution') return { kind: 'execution', execution: message.execution };
  if (message.kind === 'stopped') return { kind: 'stopped' };
  const { code, message: text } = message;
  return { kind: 'refused', code: isErrorCode(code) ? code : 'MH-CKP-001', message: text };
}

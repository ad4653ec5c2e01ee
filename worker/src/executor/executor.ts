// The daemon's side of the executor: sends units with the bytes they need, respawns the process when it dies, and kills it when it misbehaves.
import type { ChildProcess } from 'node:child_process';
import { BlobMirror } from './blob-mirror.js';
import { forkExecutor } from './child.js';
import { watchMemory } from './memory-watch.js';
import { type Execution, type FromExecutor, fromExecutorSchema, type RunMessage, type ToExecutor } from './messages.js';

/** Content by name (its identifier); `read` is called only when the executor does not have it yet. */
type BlobSource = { name: string; sizeBytes: number; read(): Promise<Uint8Array> };

export type ExecutorTask = Pick<
  RunMessage,
  'args' | 'env' | 'collect' | 'okExitCodes' | 'seed' | 'limits' | 'timeoutMs'
> & { module: BlobSource; stdin: BlobSource | null; files: readonly { name: string; blob: BlobSource }[] };

/** `crashed`: the process died under the run; `unreadable`: the bytes could not be read. */
export type RunResult =
  | { kind: 'execution'; execution: Execution }
  | { kind: 'stopped' }
  | { kind: 'crashed' }
  | { kind: 'unreadable'; error: unknown };

export type ExecutorOptions = {
  threadCount: number;
  /** All linear memories together; also the largest of one. */
  memoryBytes: number;
};

export type Executor = {
  /** Process id, or null while none runs. */
  pid(): number | null;
  run(task: ExecutorTask, signal: AbortSignal): Promise<RunResult>;
  stop(): Promise<void>;
};

/** Inputs and modules kept in the executor between units. */
const CACHE_SHARE = 0.25;
const CACHE_MAXIMUM_BYTES = 512 * 1024 * 1024;
/** What the process may take beside the linear memories: Node and the cache of inputs; for each thread, the files and output of its unit. */
const OVERHEAD_BYTES = 768 * 1024 * 1024;
const OVERHEAD_PER_THREAD_BYTES = 384 * 1024 * 1024;
/** After the executor should have ended a run by itself. */
const OVERTIME_MS = 15_000;

type Waiting = { resolve(result: RunResult): void; timer: NodeJS.Timeout };

/** Starts no process yet: the first run does. */
export function createExecutor(options: ExecutorOptions): Executor {
  return new ExecutorSupervisor(options);
}

class ExecutorSupervisor implements Executor {
  readonly #options: ExecutorOptions;
  readonly #mirror: BlobMirror;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | null = null;
  #stopWatching: () => void = () => {};
  #nextId = 0;
  #isStopped = false;
  /** Runs prepare one after the other, so that no blob is sent twice. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: ExecutorOptions) {
    this.#options = options;
    this.#mirror = new BlobMirror(Math.min(CACHE_MAXIMUM_BYTES, options.memoryBytes * CACHE_SHARE));
  }

  pid(): number | null {
    return this.#child?.pid ?? null;
  }

  async run(task: ExecutorTask, signal: AbortSignal): Promise<RunResult> {
    const blobs = [task.module, ...(task.stdin ? [task.stdin] : []), ...task.files.map(({ blob }) => blob)];
    const unique = [...new Map(blobs.map((blob) => [blob.name, blob])).values()];
    const begun = this.#turn.then(() => this.#begin(task, unique, signal));
    this.#turn = begun.then(
      () => undefined,
      () => undefined,
    );
    return (await begun).finished;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    const child = this.#child;
    if (!child) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGKILL');
    await exited;
  }

  async #begin(
    task: ExecutorTask,
    blobs: readonly BlobSource[],
    signal: AbortSignal,
  ): Promise<{ finished: Promise<RunResult> }> {
    if (signal.aborted || this.#isStopped) return { finished: Promise.resolve({ kind: 'stopped' }) };
    const child = this.#liveChild();
    const missing = blobs.filter(({ name }) => !this.#mirror.has(name));
    const contents: Uint8Array[] = [];
    try {
      for (const blob of missing) contents.push(await blob.read());
    } catch (error) {
      return { finished: Promise.resolve({ kind: 'unreadable', error }) };
    }
    // The process died meanwhile, and its cache with it.
    if (child !== this.#child) return this.#begin(task, blobs, signal);
    for (const name of this.#mirror.use(blobs)) this.#send(child, { kind: 'forget', name });
    for (const [index, { name }] of missing.entries())
      this.#send(child, { kind: 'blob', name, bytes: contents[index] ?? new Uint8Array() });
    const finished = this.#dispatch(child, task, signal);
    return { finished: finished.finally(() => this.#mirror.release(blobs)) };
  }

  #dispatch(child: ChildProcess, task: ExecutorTask, signal: AbortSignal): Promise<RunResult> {
    const id = this.#nextId++;
    const onAbort = (): void => this.#send(child, { kind: 'stop', id });
    const finished = new Promise<RunResult>((resolve) => {
      // The executor ends runs by itself; one that does not answer has lost its main loop.
      const timer = setTimeout(() => this.#kill(child), task.timeoutMs + OVERTIME_MS);
      this.#waiting.set(id, { resolve, timer });
    });
    signal.addEventListener('abort', onAbort, { once: true });
    this.#send(child, {
      kind: 'run',
      id,
      ...{ args: task.args, env: task.env, collect: task.collect, okExitCodes: task.okExitCodes },
      ...{ seed: task.seed, limits: task.limits, timeoutMs: task.timeoutMs },
      module: task.module.name,
      stdin: task.stdin?.name ?? null,
      files: task.files.map(({ name, blob }) => ({ name, blob: blob.name })),
    });
    return finished.finally(() => signal.removeEventListener('abort', onAbort));
  }

  #liveChild(): ChildProcess {
    if (this.#child) return this.#child;
    const { threadCount, memoryBytes } = this.#options;
    const child = forkExecutor({ threadCount, memoryBytes });
    child.on('message', (message) => this.#onMessage(child, message));
    child.on('error', () => this.#onGone(child));
    child.on('exit', () => this.#onGone(child));
    child.stderr?.resume();
    this.#child = child;
    const limitBytes = memoryBytes + OVERHEAD_BYTES + threadCount * OVERHEAD_PER_THREAD_BYTES;
    this.#stopWatching = watchMemory(child.pid, { limitBytes, onExceeded: () => this.#kill(child) });
    return child;
  }

  #onMessage(child: ChildProcess, value: unknown): void {
    const message = fromExecutorSchema.safeParse(value);
    // The executor runs foreign code: what it says is checked, and one that says something else is ended.
    if (!message.success) this.#kill(child);
    else this.#settle(message.data);
  }

  #settle(message: FromExecutor): void {
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    clearTimeout(waiting.timer);
    waiting.resolve(
      message.kind === 'stopped' ? { kind: 'stopped' } : { kind: 'execution', execution: message.execution },
    );
  }

  #onGone(child: ChildProcess): void {
    if (child !== this.#child) return;
    this.#child = null;
    this.#stopWatching();
    this.#mirror.clear();
    for (const { resolve, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      resolve(this.#isStopped ? { kind: 'stopped' } : { kind: 'crashed' });
    }
    this.#waiting.clear();
  }

  #kill(child: ChildProcess): void {
    child.kill('SIGKILL');
  }

  #send(child: ChildProcess, message: ToExecutor): void {
    // A send to a dead child fails; its runs are settled by its exit.
    if (child.connected) child.send(message, () => {});
  }
}

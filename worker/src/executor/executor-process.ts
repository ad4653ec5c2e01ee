// The executor process: lowest priority, no environment, keys, database or socket. Holds the thread pool; is killed and respawned freely.
import { constants, setPriority } from 'node:os';
import type { UnitInput } from '@manyhands/runtime';
import { Piscina } from 'piscina';
import { BlobCache } from './blob-cache.js';
import type { Execution, FromExecutor, RunMessage, ToExecutor } from './messages.js';
import { ModuleCache } from './module-cache.js';
import type { ThreadTask } from './unit-thread.js';

setPriority(process.pid, constants.priority.PRIORITY_LOW); // 19: threads started later inherit it
const threadCount = Number(process.argv[2]);
const IDLE_THREAD_MS = 30_000;
const pool = new Piscina<ThreadTask, Execution>({
  filename: new URL('./unit-thread.js', import.meta.url).href,
  minThreads: 0,
  maxThreads: threadCount,
  concurrentTasksPerWorker: 1,
  idleTimeout: IDLE_THREAD_MS,
  env: {},
  // Deep recursion in a unit needs a deep native stack; the pages are only used when touched.
  resourceLimits: { stackSizeMb: 16, maxOldGenerationSizeMb: 512 },
});
const blobs = new BlobCache();
const modules = new ModuleCache(blobs);
type Run = { controller: AbortController; isTimedOut: boolean };
const runs = new Map<number, Run>();

process.on('message', (message: ToExecutor) => {
  if (message.kind === 'blob') blobs.put(message.name, message.bytes);
  else if (message.kind === 'forget') {
    blobs.forget(message.name);
    modules.forget(message.name);
  } else if (message.kind === 'stop') runs.get(message.id)?.controller.abort();
  else void start(message);
});
// The daemon has died: nothing may be left running.
process.on('disconnect', () => process.exit(0));

async function start(message: RunMessage): Promise<void> {
  const { id, timeoutMs } = message;
  const run: Run = { controller: new AbortController(), isTimedOut: false };
  runs.set(id, run);
  const timer = setTimeout(() => {
    run.isTimedOut = true;
    run.controller.abort();
  }, timeoutMs);
  try {
    const execution = await execute(message, run.controller.signal);
    answer({ kind: 'done', id, execution });
  } catch (error) {
    answer(failureOf(error, { id, timeoutMs, run }));
  } finally {
    clearTimeout(timer);
    runs.delete(id);
  }
}

async function execute(message: RunMessage, signal: AbortSignal): Promise<Execution> {
  const module = await modules.compile(message.module);
  signal.throwIfAborted();
  const { args, env, collect, okExitCodes, seed, limits } = message;
  const input: UnitInput = {
    ...{ args, env, collect, okExitCodes, seed, limits },
    stdin: message.stdin === null ? new Uint8Array() : blobs.get(message.stdin),
    files: message.files.map(({ name, blob }) => ({ name, bytes: blobs.get(blob) })),
  };
  return pool.run({ module, input }, { signal });
}

function failureOf(error: unknown, { id, timeoutMs, run }: { id: number; timeoutMs: number; run: Run }): FromExecutor {
  if (run.isTimedOut)
    return failed(id, {
      code: 'MH-HOST-003',
      message: `The unit ran longer than ${timeoutMs} ms.`,
      elapsedMs: timeoutMs,
    });
  if (run.controller.signal.aborted) return { kind: 'stopped', id };
  const { code: nodeCode, message } = error as NodeJS.ErrnoException;
  const isMemory = nodeCode === 'ERR_WORKER_OUT_OF_MEMORY' || error instanceof RangeError;
  const text = `The unit could not be run: ${message}`;
  return failed(id, { code: isMemory ? 'MH-HOST-001' : 'MH-HOST-005', message: text, elapsedMs: 0 });
}

function failed(id: number, details: { code: string; message: string; elapsedMs: number }): FromExecutor {
  const execution = { kind: 'host-failure', exitCode: null, stderrTail: '', ...details } as const;
  return { kind: 'done', id, execution };
}

function answer(message: FromExecutor): void {
  process.send?.(message);
}

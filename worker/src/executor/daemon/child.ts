// Forks the executor process: an empty environment, capped memory, no add-ons, no file writing, no further processes.
import { type ChildProcess, fork } from 'node:child_process';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readablePaths } from './readable.js';

const WASM_PAGE_BYTES = 65_536;
const WASM_PAGES_MAXIMUM = 65_536;
/** Garbage-collected heap of the process: messages and bookkeeping; bytes of blobs and linear memories lie outside. */
const HEAP_MIB = 512;

export type ChildOptions = {
  threadCount: number;
  /** No single linear memory may be larger. */
  memoryBytes: number;
  /** How far it gives way to other processes: 19 always, 0 not at all. */
  nice: number;
};

/** Starts the process. Its environment holds only what Node itself adds for the channel. */
export function forkExecutor({ threadCount, memoryBytes, nice }: ChildOptions): ChildProcess {
  const pages = Math.max(1, Math.min(WASM_PAGES_MAXIMUM, Math.floor(memoryBytes / WASM_PAGE_BYTES)));
  const script = fileURLToPath(new URL('../process/executor-process.js', import.meta.url));
  return fork(script, [String(threadCount), String(nice)], {
    env: {},
    execArgv: [
      ...permissionFlags(),
      `--max-old-space-size=${HEAP_MIB}`,
      `--wasm-max-mem-pages=${pages}`,
      '--expose-gc',
      // Nobody waits for a thread: collecting in one go costs less than collecting in steps beside the work.
      '--no-incremental-marking',
      '--no-concurrent-marking',
      '--no-addons',
    ],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

/** Node's permission model: only what the executor imports can be read, no file be written, no process be started. Unknown before Node 22.13. */
function permissionFlags(): string[] {
  if (!process.allowedNodeEnvironmentFlags.has('--permission')) return [];
  const reads = readablePaths().map((path) => `--allow-fs-read=${path.endsWith(sep) ? `${path}*` : path}`);
  return ['--permission', ...reads, '--allow-worker'];
}

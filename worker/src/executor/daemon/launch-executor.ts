// Starts the executor process behind the wall: an empty environment, capped memory, no add-ons.
import { fileURLToPath } from 'node:url';
import { type Confined, launch, readablePaths, type Wall } from '@manyhands/sandbox';

const WASM_PAGE_BYTES = 65_536;
const WASM_PAGES_MAXIMUM = 65_536;
/** Garbage-collected heap of the process: messages and bookkeeping; bytes of blobs and linear memories lie outside. */
const HEAP_MIB = 512;
const ZONE = { packageFolder: new URL('../../..', import.meta.url), name: 'executor' };

export type LaunchOptions = {
  threadCount: number;
  /** No single linear memory may be larger. */
  memoryBytes: number;
  /** The process as a whole. */
  processBytes: number;
  /** How far it gives way to other processes: 19 always, 0 not at all. */
  nice: number;
};

export function launchExecutor({ threadCount, memoryBytes, processBytes, nice }: LaunchOptions, wall: Wall): Confined {
  const pages = Math.max(1, Math.min(WASM_PAGES_MAXIMUM, Math.floor(memoryBytes / WASM_PAGE_BYTES)));
  return launch(
    {
      script: fileURLToPath(new URL('../process/executor-process.js', import.meta.url)),
      args: [String(threadCount), String(nice)],
      nodeFlags: [
        `--max-old-space-size=${HEAP_MIB}`,
        `--wasm-max-mem-pages=${pages}`,
        '--expose-gc',
        // Nobody waits for a thread: collecting in one go costs less than collecting in steps beside the work.
        '--no-incremental-marking',
        '--no-concurrent-marking',
        '--no-addons',
      ],
      reads: readablePaths(ZONE),
      memoryBytes: processBytes,
    },
    wall,
  );
}

// Entry of the process that checks one app version: bounds its thread from outside, because the check itself does not return in between.
import { writeSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { BUILD_STACK_MIB } from '@manyhands/instrument';
import type { CheckRequest, CheckVerdict } from './check-module.js';

/** Told while it computes. */
export type CheckUsed = { usedMs: number };
export type CheckLimits = { cpuMs: number; memoryBytes: number };

const MEBIBYTE = 2 ** 20;
const INTERVAL_MS = 100;
const STDOUT = 1;

// Never above what the coordinator was started with: the system forbids it.
setPriority(Math.max(getPriority(), Number(process.argv[2])));

process.once('message', ({ request, limits }: { request: CheckRequest; limits: CheckLimits }) => {
  const heapMib = Math.ceil(limits.memoryBytes / MEBIBYTE);
  const thread = new Worker(new URL('./check-thread.js', import.meta.url), {
    workerData: request,
    resourceLimits: { stackSizeMb: BUILD_STACK_MIB, maxOldGenerationSizeMb: heapMib },
  });
  thread.on('message', (message: 'loaded' | CheckVerdict) => {
    if (message === 'loaded') watch(limits);
    else process.send?.(message, () => process.exit());
  });
  thread.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') end('more memory than there is');
    else throw error;
  });
});
process.once('disconnect', () => process.exit());
// A terminal tells the whole group; were the check to end by it, its program would be refused.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

/** Tells what the program takes, and ends it at its bound. What it took to begin is not the program's. */
function watch({ cpuMs }: CheckLimits): void {
  const begun = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(begun);
    const usedMs = (user + system) / 1000;
    process.send?.({ usedMs } satisfies CheckUsed);
    if (usedMs <= cpuMs) return;
    clearInterval(timer);
    end(`more than ${Math.round(cpuMs / 1000)} seconds of computing`);
  }, INTERVAL_MS);
}

/** The coordinator ends this process for the reason that it reads: a thread in the middle of its work lets nobody end it from inside. */
function end(reason: string): void {
  writeSync(STDOUT, reason);
}

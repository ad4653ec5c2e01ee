// Entry of the child process that checks one app version and ends: bounds its thread from outside, because the check itself does not return in between.
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { BUILD_STACK_MIB } from '@manyhands/instrument';
import type { CheckRequest, CheckVerdict } from './check-module.js';

export type CheckLimits = { cpuMs: number; memoryBytes: number };

const MEBIBYTE = 2 ** 20;
const INTERVAL_MS = 200;
const STDOUT = 1;

process.once('message', ({ request, limits }: { request: CheckRequest; limits: CheckLimits }) => {
  setInterval(() => watch(limits), INTERVAL_MS);
  const heapMib = Math.ceil(limits.memoryBytes / MEBIBYTE);
  const thread = new Worker(new URL('./check-thread.js', import.meta.url), {
    workerData: request,
    resourceLimits: { stackSizeMb: BUILD_STACK_MIB, maxOldGenerationSizeMb: heapMib },
  });
  thread.once('message', (verdict: CheckVerdict) => process.send?.(verdict, () => process.exit()));
  thread.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') end('more memory than there is');
    throw error;
  });
});
process.once('disconnect', () => process.exit());
// A terminal tells the whole group; were the check to end by it, its program would be refused.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

function watch({ cpuMs, memoryBytes }: CheckLimits): void {
  const { user, system } = process.cpuUsage();
  if ((user + system) / 1000 > cpuMs) end(`more than ${Math.round(cpuMs / 1000)} seconds of computing`);
  if (process.memoryUsage.rss() > memoryBytes) end(`more than ${Math.round(memoryBytes / MEBIBYTE)} MiB of memory`);
}

/** The parent learns the reason from what it can still read when this process is gone. */
function end(reason: string): void {
  writeSync(STDOUT, reason);
  process.kill(process.pid, 'SIGKILL');
}

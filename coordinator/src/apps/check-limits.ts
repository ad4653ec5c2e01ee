// Watches the process that checks a module from a thread of its own, because the check itself does not return in between.
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

export type CheckLimits = { cpuMs: number; memoryBytes: number };

const INTERVAL_MS = 200;
const STDOUT = 1;
const { cpuMs, memoryBytes } = workerData as CheckLimits;

setInterval(() => {
  const { user, system } = process.cpuUsage();
  if ((user + system) / 1000 > cpuMs) end(`more than ${Math.round(cpuMs / 1000)} seconds of computing`);
  if (process.memoryUsage.rss() > memoryBytes) end(`more than ${Math.round(memoryBytes / 2 ** 20)} MiB of memory`);
}, INTERVAL_MS);

/** The parent learns the reason from what it can still read when this process is gone. */
function end(reason: string): void {
  writeSync(STDOUT, reason);
  process.kill(process.pid, 'SIGKILL');
}

// A worker that stands still: its processes are stopped, as a computer that sleeps stops them, for longer than its unit may take.
import { join } from 'node:path';
import { temporaryFolder, until } from '@manyhands/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { workFor } from '../support/modules.js';
import { ScriptedCoordinator } from '../support/scripted-coordinator.js';
import { executorOf, snapshotRows } from '../support/snapshot-watch.js';
import { WorkerProcess } from '../support/worker-process.js';

/** About a second on a quick machine, a sixth of what it may take. */
const PROGRAM = workFor(30_000);
const TIMEOUT_MS = 6000;
let folder: string;
let coordinator: ScriptedCoordinator;
let worker: WorkerProcess;

beforeEach(async () => {
  folder = join(await temporaryFolder(), 'worker');
  coordinator = await ScriptedCoordinator.start({
    program: PROGRAM,
    inputs: [new Uint8Array(1)],
    timeoutMs: TIMEOUT_MS,
  });
  worker = new WorkerProcess({ coordinatorUrl: coordinator.url, dataDirectory: folder, snapshotIntervalMs: 100 });
});
afterEach(async () => {
  await worker.kill();
  await coordinator.stop();
});

/** Stops processes of the worker in the middle of the unit, until its time would be over if it went on. */
async function sleepThrough(processes: 'daemon' | 'executor' | 'both'): Promise<void> {
  await until('a snapshot', () => snapshotRows(folder).length > 0);
  const pids = [
    ...(processes === 'executor' ? [] : [worker.pid]),
    ...(processes === 'daemon' ? [] : [executorOf(worker.pid) ?? 0]),
  ];
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  const stoppedAtMs = performance.now();
  if (processes === 'both') coordinator.expire();
  await until('more time than the unit may take', () => performance.now() - stoppedAtMs > 1.5 * TIMEOUT_MS);
  for (const pid of pids) process.kill(pid, 'SIGCONT');
}

test.for(['daemon', 'executor', 'both'] as const)('%s stopped: no time passes for the unit', async (processes) => {
  await sleepThrough(processes);
  await until('an end of the unit', () => coordinator.results.size + coordinator.failures.size > 0);
  expect([...coordinator.failures.values()]).toEqual([]);
  expect(worker.status()?.totals.failed).toBe(0);
  expect(coordinator.results.get(0)?.elapsedMs).toBeLessThan(TIMEOUT_MS);
});

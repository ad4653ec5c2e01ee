// A thread of the bare run: iterations alone, in as few runs as possible, without pool, process or messages between them.
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { type PoolModule, type PoolUnit, runner } from './pool-unit.js';

/** `iterations` in all; the answer is the time that they took, in milliseconds. */
export type BareWork = PoolUnit;

/** Runs of one iteration, whose time is taken off: it is that of starting and ending a run. */
const START_RUNS = 10;
// As the executor: otherwise neighbours would take more of its time than of this.
setPriority(constants.priority.PRIORITY_LOW);
const run = runner(workerData as PoolModule);

function iterationsMs({ exponent, iterations }: BareWork): number {
  const perRun = exponent - 3;
  const single = { exponent, iterations: 1 };
  const startMs = Math.min(...Array.from({ length: START_RUNS }, () => run(single)));
  let elapsedMs = 0;
  for (let left = iterations; left > 0; left -= perRun)
    elapsedMs += run({ exponent, iterations: Math.min(left, perRun) }) - startMs;
  return elapsedMs;
}

parentPort?.on('message', (work: BareWork) => parentPort?.postMessage(iterationsMs(work)));

// The confined process that runs one unit of a program that others may have written, in a thread with its own stack.
import { Worker } from 'node:worker_threads';

process.once('message', (unit: unknown) => {
  const thread = new Worker(new URL('./unit-thread.js', import.meta.url), { workerData: unit });
  thread.once('message', (run: unknown) => process.send?.(run, () => process.exit()));
});
// Who asked has ended: nothing may be left running.
process.once('disconnect', () => process.exit());

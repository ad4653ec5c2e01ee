// Entry of the child process that checks one app version and ends.
import { Worker } from 'node:worker_threads';
import type { CheckLimits } from './check-limits.js';
import { type CheckRequest, checkModule } from './check-module.js';

process.once('message', async ({ request, limits }: { request: CheckRequest; limits: CheckLimits }) => {
  new Worker(new URL('./check-limits.js', import.meta.url), { workerData: limits }).unref();
  const verdict = await checkModule(request);
  process.send?.(verdict, () => process.exit());
});
process.once('disconnect', () => process.exit());

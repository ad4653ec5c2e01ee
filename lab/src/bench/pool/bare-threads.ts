// Threads that only compute: what the same iterations take with nothing around them, while as many cores are in use.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { BareWork } from './bare-thread.js';
import type { PoolModule } from './pool-unit.js';

export class BareThreads {
  readonly #threads: Worker[];

  constructor(threadCount: number, module: PoolModule) {
    const entry = new URL('./bare-thread.js', import.meta.url);
    this.#threads = Array.from({ length: threadCount }, () => new Worker(entry, { workerData: module }));
  }

  /** Does the work in shares of equal size, all at once; the time of all threads together, in milliseconds. */
  async run({ exponent, iterations }: BareWork): Promise<number> {
    const share = { exponent, iterations: Math.ceil(iterations / this.#threads.length) };
    const times = this.#threads.map(async (thread): Promise<number> => {
      thread.postMessage(share);
      return (await once(thread, 'message'))[0];
    });
    return (await Promise.all(times)).reduce((sum, timeMs) => sum + timeMs, 0);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}

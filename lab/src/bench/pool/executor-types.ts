// The executor of the worker, which is no part of that package's public entry: benchmarks and system tests drive it directly.
import type { Executor, ExecutorOptions } from '../../../../worker/dist/executor/executor.js';

export type { Executor, ExecutorTask, RunResult } from '../../../../worker/dist/executor/executor.js';

/** Loads it from beside the worker's entry. */
export async function loadExecutor(options: ExecutorOptions): Promise<Executor> {
  const entry = import.meta.resolve('@manyhands/worker');
  const { createExecutor } = (await import(new URL('./executor/executor.js', entry).href)) as {
    createExecutor(options: ExecutorOptions): Executor;
  };
  return createExecutor(options);
}

// The executor as the daemon sees it; the work is done by a process of lowest priority.
import type { Executor, ExecutorOptions } from './ports.js';
import { ExecutorSupervisor } from './supervisor.js';

export type {
  Executor,
  ExecutorOptions,
  ExecutorTask,
  Keeping,
  Run,
  RunResult,
  SavedSnapshot,
  SnapshotWriter,
} from './ports.js';

/** Starts no process yet: the first run does. */
export function createExecutor(options: ExecutorOptions): Executor {
  return new ExecutorSupervisor(options);
}

// One round of units through the executor as the daemon drives it, and what of the cores' time that took.
import type { Executor, ExecutorTask } from '@manyhands/worker';
import { argumentsOf, LIMITS, MARK_SPACING, type PoolModule, type PoolUnit } from './pool-unit.js';

export type PoolWork = { unit: PoolUnit; count: number; threadCount: number };

/** The time that the cores were in use for the units, in milliseconds: until the last threads had no unit left to begin. */
export async function runPool(executor: Executor, module: PoolModule, work: PoolWork): Promise<number> {
  const beganAtMs = performance.now();
  const endedAtMs: number[] = [];
  const task = taskOf(module, work.unit);
  const run = async (): Promise<void> => {
    const result = await executor.run(task);
    if (result.kind !== 'execution' || result.execution.kind !== 'success')
      throw new Error(`a unit of the benchmark ended otherwise: ${JSON.stringify(result)}`);
    endedAtMs.push(performance.now() - beganAtMs);
  };
  await Promise.all(Array.from({ length: work.count }, run));
  // Each of the last units ends the work of one thread.
  return endedAtMs.slice(-work.threadCount).reduce((sum, timeMs) => sum + timeMs, 0);
}

function taskOf({ wasm, name }: PoolModule, unit: PoolUnit): ExecutorTask {
  return {
    module: { name, sizeBytes: wasm.length, read: async () => wasm },
    build: 'nonleaf',
    markSpacing: MARK_SPACING,
    args: argumentsOf(unit),
    env: {},
    stdin: null,
    files: [],
    collect: [],
    okExitCodes: [0],
    seed: new Uint8Array(32),
    clockMs: null,
    fuelMaximum: Number.MAX_SAFE_INTEGER,
    limits: LIMITS,
    timeoutMs: 600_000,
  };
}

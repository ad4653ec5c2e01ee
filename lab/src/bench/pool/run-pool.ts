// One round of units through the executor as the daemon drives it, and what that cost.
import { readFileSync } from 'node:fs';
import type { Executor, ExecutorTask, RunResult } from './executor-types.js';
import { LIMITS, MARK_SPACING, type PoolModule, type PoolUnit } from './pool-unit.js';

export type PoolRound = {
  units: number;
  /** Iterations alone, as measured without the pool. */
  usefulMs: number;
  /** CPU time of executor and daemon; null where the system does not tell. */
  cpuMs: number | null;
  /** Time within the runs, as the threads see it. */
  inRunsMs: number;
  wallMs: number;
};

export async function runPool(
  executor: Executor,
  module: PoolModule,
  { unit, count }: { unit: PoolUnit; count: number },
): Promise<PoolRound> {
  const pid = executor.pid();
  const [ownBefore, childBefore] = [process.cpuUsage(), pid === null ? null : childCpuMs(pid)];
  const startedMs = performance.now();
  const results = await Promise.all(Array.from({ length: count }, () => executor.run(taskOf(module, unit))));
  const wallMs = performance.now() - startedMs;
  const own = process.cpuUsage(ownBefore);
  const childAfter = pid === null ? null : childCpuMs(pid);
  const cpuMs =
    childBefore === null || childAfter === null ? null : childAfter - childBefore + (own.user + own.system) / 1000;
  const inRunsMs = results.reduce((sum, result) => sum + elapsedMs(result), 0);
  return { units: count, usefulMs: count * unit.usefulMs, cpuMs, inRunsMs, wallMs };
}

function elapsedMs(result: RunResult): number {
  if (result.kind === 'execution' && result.execution.kind === 'success') return result.execution.elapsedMs;
  throw new Error(`a unit of the benchmark ended otherwise: ${JSON.stringify(result)}`);
}

function taskOf({ wasm, name }: PoolModule, { args }: PoolUnit): ExecutorTask {
  return {
    module: { name, sizeBytes: wasm.length, read: async () => wasm },
    build: 'nonleaf',
    markSpacing: MARK_SPACING,
    args,
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

/** Of a process and its threads, ended ones included (Linux). */
function childCpuMs(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may contain anything: the state is field 3, user and system time are 14 and 15, in ticks of 10 ms.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return null;
  }
}

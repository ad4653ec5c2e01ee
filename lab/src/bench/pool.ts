// What the worker's executor costs beside the units it runs: the useful part of the time of the cores in use, for units of 1 ms, 50 ms and 1 s.
// Usage: npm run bench:pool -- [--json] [--threads N] [--rounds N] [--seconds N]
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { estimate } from './engine/statistics.js';
import { loadExecutor } from './pool/executor-types.js';
import { poolModule, unitOfMs } from './pool/pool-unit.js';
import { type PoolRound, runPool } from './pool/run-pool.js';

const TARGETS: readonly { unitMs: number; shareMinimum: number }[] = [
  { unitMs: 1, shareMinimum: 0.6 },
  { unitMs: 50, shareMinimum: 0.95 },
  { unitMs: 1_000, shareMinimum: 0.99 },
];
const MEMORY_BYTES = 1024 * 1024 * 1024;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    threads: { type: 'string', default: String(availableParallelism()) },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
  },
});
const threadCount = Number(values.threads);
const log = (text: string): void => void process.stderr.write(`${text}\n`);

/** Of the CPU time of daemon and executor, how much the units' own iterations would take alone. */
const cpuShare = ({ usefulMs, cpuMs }: PoolRound): number => (cpuMs === null ? Number.NaN : usefulMs / cpuMs);
/** Of the time of the cores, how much passes within runs: what is missing are waits between them. Neighbours on the machine lengthen both alike. */
const busyShare = ({ inRunsMs, wallMs }: PoolRound): number => inRunsMs / (wallMs * threadCount);

async function main(): Promise<void> {
  const module = await poolModule();
  const executor = await loadExecutor({ threadCount, memoryBytes: MEMORY_BYTES });
  const rounds = new Map<number, PoolRound[]>(TARGETS.map(({ unitMs }) => [unitMs, []]));
  try {
    for (let round = 0; round <= Number(values.rounds); round++)
      for (const { unitMs } of TARGETS) {
        const unit = unitOfMs(module, unitMs);
        const count = Math.max(
          2 * threadCount,
          Math.ceil((Number(values.seconds) * 1000 * threadCount) / unit.usefulMs),
        );
        const result = await runPool(executor, module, { unit, count });
        if (round > 0) rounds.get(unitMs)?.push(result); // the first warms up
        log(
          `${unitMs} ms: ${count} units, cpu share ${cpuShare(result).toFixed(3)}, busy ${busyShare(result).toFixed(3)}`,
        );
      }
  } finally {
    await executor.stop();
  }
  report(rounds);
}

function report(rounds: ReadonlyMap<number, PoolRound[]>): void {
  const results = TARGETS.map(({ unitMs, shareMinimum }) => {
    const own = rounds.get(unitMs) ?? [];
    const [cpu, busy] = [estimate(own.map(cpuShare)), estimate(own.map(busyShare))];
    const usefulShare = Math.min(cpu.median, busy.median);
    const units = own.reduce((sum, round) => sum + round.units, 0);
    return {
      unitMs,
      units,
      cpuShare: cpu,
      busyShare: busy,
      usefulShare,
      shareMinimum,
      isMet: usefulShare >= shareMinimum,
    };
  });
  if (values.json) {
    console.log(JSON.stringify({ version: 1, node: process.version, threadCount, results }, null, 2));
    return;
  }
  console.table(
    results.map(({ unitMs, usefulShare, cpuShare: cpu, busyShare: busy, shareMinimum, isMet }) => ({
      'unit ms': unitMs,
      'useful share': usefulShare.toFixed(3),
      'of CPU time': cpu.median.toFixed(3),
      'in runs': busy.median.toFixed(3),
      target: shareMinimum,
      verdict: isMet ? 'met' : 'missed',
    })),
  );
}

await main();

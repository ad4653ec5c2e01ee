// What the worker's executor costs beside the units it runs: the useful part of the time of the cores in use, for units of 1 ms, 50 ms and 1 s.
// Usage: npm run bench:pool -- [--json] [--threads N] [--rounds N] [--seconds N]
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { createExecutor, type Executor } from '@manyhands/worker';
import { type Estimate, estimate, median } from './engine/statistics.js';
import { BareThreads } from './pool/bare-threads.js';
import { exponentFor, type PoolModule, poolModule } from './pool/pool-unit.js';
import { type PoolWork, runPool } from './pool/run-pool.js';

const TARGETS: readonly { unitMs: number; shareMinimum: number }[] = [
  { unitMs: 1, shareMinimum: 0.6 },
  { unitMs: 50, shareMinimum: 0.95 },
  { unitMs: 1_000, shareMinimum: 0.99 },
];
const MEMORY_BYTES = 1024 * 1024 * 1024;
const CALIBRATIONS = 9;
const CALIBRATION_ITERATIONS = 2_000;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    threads: { type: 'string', default: String(availableParallelism()) },
    rounds: { type: 'string', default: '15' },
    seconds: { type: 'string', default: '2' },
  },
});
const threadCount = Number(values.threads);
const log = (text: string): void => void process.stderr.write(`${text}\n`);

type Sides = { executor: Executor; bare: BareThreads; module: PoolModule };

async function main(): Promise<void> {
  const module = await poolModule();
  const executor = createExecutor({ threadCount, memoryBytes: MEMORY_BYTES });
  const bare = new BareThreads(threadCount, module);
  try {
    const works: PoolWork[] = [];
    for (const { unitMs } of TARGETS) works.push(await workOfMs(bare, unitMs));
    const shares: number[][] = TARGETS.map(() => []);
    for (let round = 0; round <= Number(values.rounds); round++)
      for (const [index, { unitMs }] of TARGETS.entries()) {
        const share = await usefulShare({ executor, bare, module }, works[index] as PoolWork, round % 2 === 0);
        if (round > 0) shares[index]?.push(share); // the first warms up
        log(`${unitMs} ms: ${share.toFixed(3)}${round === 0 ? ' (warming up)' : ''}`);
      }
    report(shares.map((own) => estimate(own)));
  } finally {
    await bare.stop();
    await executor.stop();
  }
}

/** Units of about that time, by what iterations take in threads that only compute. */
async function workOfMs(bare: BareThreads, unitMs: number): Promise<PoolWork> {
  const exponent = exponentFor(unitMs);
  const iterations = CALIBRATION_ITERATIONS;
  const times: number[] = [];
  for (let round = 0; round < CALIBRATIONS; round++)
    times.push((await bare.run({ exponent, iterations })) / iterations);
  const count = Math.max(2, Math.ceil((Number(values.seconds) * 1000) / unitMs)) * threadCount;
  const unit = { exponent, iterations: Math.max(1, Math.min(exponent - 3, Math.round(unitMs / median(times)))) };
  return { unit, count, threadCount };
}

/** The same iterations bare and through the executor, one after the other: neighbours on the machine meet both. */
async function usefulShare({ executor, bare, module }: Sides, work: PoolWork, isBareFirst: boolean): Promise<number> {
  const { unit, count } = work;
  const all = { exponent: unit.exponent, iterations: unit.iterations * count };
  const first = isBareFirst ? await bare.run(all) : null;
  const pooledMs = await runPool(executor, module, work);
  return (first ?? (await bare.run(all))) / pooledMs;
}

function report(estimates: readonly Estimate[]): void {
  const results = TARGETS.map(({ unitMs, shareMinimum }, index) => {
    const share = estimates[index] as Estimate;
    return { unitMs, usefulShare: share, shareMinimum, isMet: share.median >= shareMinimum };
  });
  if (values.json) {
    console.log(JSON.stringify({ version: 1, node: process.version, threadCount, results }, null, 2));
    return;
  }
  console.table(
    results.map(({ unitMs, usefulShare: { median, low, high }, shareMinimum, isMet }) => ({
      'unit ms': unitMs,
      'useful share': median.toFixed(3),
      interval: `${low.toFixed(3)} to ${high.toFixed(3)}`,
      target: shareMinimum,
      verdict: isMet ? 'met' : 'missed',
    })),
  );
}

await main();

// npm run bench:coordinator [-- --json] [--rounds N] [--connections N] [--batches 1,16,256]
// Accepted units per CPU-second of the coordinator through its real gateway, signatures on, beside bare SQLite inserts in the same run.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type App, type Batch, connect } from '@manyhands/sdk';
import { bareInsertsPerCpuSecond } from './bare-inserts.js';
import { BenchChild } from './child.js';
import { PROGRAM } from './empty-program.js';
import type { CoordinatorAsk, CoordinatorSay, LoadAsk, LoadSay } from './messages.js';

/** Units submitted in a round, by units per lease: some seconds of work. */
const UNITS: Readonly<Record<number, number>> = { 1: 2000, 16: 16_000, 256: 64_000 };
/** The first and the last part of a round are not measured: hosts start one after the other, and leases shrink near the end of a batch. */
const MEASURED_FROM = 0.1;
const MEASURED_TO = 0.7;
const POLL_MS = 250;

type Coordinator = BenchChild<CoordinatorAsk, CoordinatorSay>;
type Load = BenchChild<LoadAsk, LoadSay>;
type Round = { unitsPerLease: number; unitsPerCpuSecond: number; bareInsertsPerCpuSecond: number; ratio: number };
type Bench = { coordinator: Coordinator; load: Load; app: App; folder: string };

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '64' },
    batches: { type: 'string', default: '1,16,256' },
  },
});

async function measure({ coordinator, load, app, folder }: Bench, unitsPerLease: number, name: string): Promise<Round> {
  const units = UNITS[unitsPerLease] ?? 1000 * unitsPerLease;
  const inputs = Array.from({ length: units }, (_, index) => ({ name: `unit-${index}` }));
  const batch = await app.map(inputs, { name, quorum: 2, expectedDurationMs: 100 });
  const bareBefore = bareInsertsPerCpuSecond(join(folder, 'bare.sqlite'));
  load.tell({ type: 'run', unitsPerLease });
  const start = await sample(coordinator, batch, MEASURED_FROM * units);
  const end = await sample(coordinator, batch, MEASURED_TO * units);
  await accepted(batch, units);
  const { refused } = await load.ask({ type: 'pause' }, 'paused');
  if (refused > 0) throw new Error(`${refused} receipts were refused`);
  const bare = (bareBefore + bareInsertsPerCpuSecond(join(folder, 'bare.sqlite'))) / 2;
  const unitsPerCpuSecond = (1000 * (end.accepted - start.accepted)) / (end.cpuMs - start.cpuMs);
  return { unitsPerLease, unitsPerCpuSecond, bareInsertsPerCpuSecond: bare, ratio: unitsPerCpuSecond / bare };
}

async function accepted(batch: Batch, atLeast: number): Promise<number> {
  for (;;) {
    const { counts } = await batch.status();
    if (counts.accepted >= atLeast) return counts.accepted;
    await sleep(POLL_MS);
  }
}

async function sample(
  coordinator: Coordinator,
  batch: Batch,
  atLeast: number,
): Promise<{ accepted: number; cpuMs: number }> {
  const count = await accepted(batch, atLeast);
  const { cpuMs } = await coordinator.ask({ type: 'cpu' }, 'cpu');
  return { accepted: count, cpuMs };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? high)) / 2;
}

function summarise(rounds: readonly Round[], unitsPerLease: number) {
  const own = rounds.filter((round) => round.unitsPerLease === unitsPerLease);
  const unitsPerCpuSecond = median(own.map((round) => round.unitsPerCpuSecond));
  return {
    unitsPerLease,
    rounds: own.length,
    unitsPerCpuSecond: Math.round(unitsPerCpuSecond),
    bareInsertsPerCpuSecond: Math.round(median(own.map((round) => round.bareInsertsPerCpuSecond))),
    ratio: Number(median(own.map(({ ratio }) => ratio)).toFixed(4)),
    cpuMsPerUnit: Number((1000 / unitsPerCpuSecond).toFixed(4)),
  };
}

async function run(folder: string): Promise<Round[]> {
  const coordinator: Coordinator = new BenchChild('coordinator-process');
  const load: Load = new BenchChild('load-process');
  try {
    const started = await coordinator.ask({ type: 'start', dataDirectory: join(folder, 'data') }, 'started');
    const { url, coordinatorId } = started;
    const owner = await connect(url, { dataDirectory: join(folder, 'owner') });
    const words = { title: 'Benchmark', question: 'How light is the coordinator?', description: '' };
    const project = await owner.project('benchmark', words);
    const app = await project.app({ name: 'nothing', wasm: PROGRAM });
    await load.ask({ type: 'connect', url, coordinatorId, connections: Number(values.connections) }, 'connected');
    const sizes = values.batches.split(',').map(Number);
    const rounds: Round[] = [];
    for (let round = 0; round <= Number(values.rounds); round++)
      for (const unitsPerLease of sizes) {
        const result = await measure({ coordinator, load, app, folder }, unitsPerLease, `b${unitsPerLease}-${round}`);
        if (round > 0) rounds.push(result); // the first warms up
        if (!values.json) process.stderr.write(`round ${round}: ${JSON.stringify(result)}\n`);
      }
    return rounds;
  } finally {
    await load.stop();
    await coordinator.stop();
  }
}

const folder = await mkdtemp(join(tmpdir(), 'manyhands-bench-'));
try {
  const rounds = await run(folder);
  const sizes = values.batches.split(',').map(Number);
  const results = sizes.map((unitsPerLease) => summarise(rounds, unitsPerLease));
  const report = { version: 1, connections: Number(values.connections), quorum: 2, results };
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else console.table(results);
} finally {
  await rm(folder, { recursive: true, force: true });
}

// npm run bench:answers [-- --json] [--rounds N] [--accounts N] [--units N]
// CPU of the coordinator for every public answer, on a folder that a coordinator of this version wrote: the median of nine must be at most 20 ms.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { addressesOf, type Found } from './answers-addresses.js';
import { folderOf, type Names } from './answers-folder.js';
import { BenchChild } from './child.js';
import type { CoordinatorAsk, CoordinatorSay } from './messages.js';

const CPU_MAXIMUM_MS = 20;
/** Answers are remembered for less: each is computed when it is asked for. */
const PAUSE_MS = 5_500;
/** Work in the background is over when the coordinator uses less than this in a second. */
const IDLE_CPU_MS = 50;
/** None of the answers is to be refused. */
const READ_CPU_MS_PER_SECOND = 1000;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '9' },
    accounts: { type: 'string', default: '50000' },
    units: { type: 'string', default: '1000000' },
  },
});
const log = (text: string): void => void process.stderr.write(`${text}\n`);

type Coordinator = BenchChild<CoordinatorAsk, CoordinatorSay>;
type Sample = { readonly cpuMs: number; readonly bytes: number; readonly status: number };
type Row = { address: string; cpuMs: number; bytes: number; status: number; isWithin: boolean };

async function cpuOf(coordinator: Coordinator): Promise<number> {
  return (await coordinator.ask({ type: 'cpu' }, 'cpu')).cpuMs;
}

async function untilIdle(coordinator: Coordinator): Promise<void> {
  for (let before = await cpuOf(coordinator); ; ) {
    await sleep(1000);
    const after = await cpuOf(coordinator);
    if (after - before < IDLE_CPU_MS) return;
    before = after;
  }
}

async function read(url: string): Promise<{ status: number; bytes: number; text: string }> {
  const response = await fetch(url);
  const text = await response.text();
  return { status: response.status, bytes: Buffer.byteLength(text), text };
}

async function sample(coordinator: Coordinator, url: string): Promise<Sample> {
  const before = await cpuOf(coordinator);
  const { status, bytes } = await read(url);
  return { cpuMs: (await cpuOf(coordinator)) - before, bytes, status };
}

async function findNames(url: string, { batchId }: Names): Promise<Found> {
  const { units } = JSON.parse((await read(`${url}/api/v1/batches/${batchId}/units?limit=1`)).text);
  const { hosts } = { hosts: units[0]?.replicas ?? [] };
  if (hosts.length === 0) throw new Error('the folder has no accepted unit');
  // Anonymous accounts have no public identifier: one that does not exist is looked for as well.
  return { digest: units[0].digest, accountId: `acct_${'a'.repeat(52)}` };
}

async function pathsOf(url: string): Promise<string[]> {
  const { paths } = JSON.parse((await read(`${url}/api/v1/openapi.json`)).text) as { paths: Record<string, object> };
  return Object.entries(paths).flatMap(([path, methods]) => ('get' in methods ? [path] : []));
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

async function measure(coordinator: Coordinator, url: string, names: Names): Promise<Row[]> {
  await untilIdle(coordinator);
  const addresses = addressesOf(await pathsOf(url), names, await findNames(url, names));
  const samples = new Map(addresses.map((address) => [address, [] as Sample[]]));
  for (let round = 0; round <= Number(values.rounds); round++) {
    for (const [address, taken] of samples) {
      const one = await sample(coordinator, url + address);
      if (round > 0) taken.push(one); // the first warms up
    }
    log(`round ${round} of ${values.rounds}`);
    await sleep(PAUSE_MS);
  }
  return [...samples].map(([address, taken]) => {
    const cpuMs = Number(median(taken.map((one) => one.cpuMs)).toFixed(2));
    const { bytes = 0, status = 0 } = taken.at(-1) ?? {};
    return { address, cpuMs, bytes, status, isWithin: cpuMs <= CPU_MAXIMUM_MS };
  });
}

const size = { accounts: Number(values.accounts), units: Number(values.units) };
const parent = join(import.meta.dirname, '../../../.build/answers');
const { dataDirectory, names } = await folderOf(size, parent, log);
const coordinator: Coordinator = new BenchChild('coordinator-process');
try {
  const start = { type: 'start', dataDirectory, readCpuMsPerSecond: READ_CPU_MS_PER_SECOND } as const;
  const { url } = await coordinator.ask(start, 'started');
  const rows = (await measure(coordinator, url, names)).toSorted((left, right) => right.cpuMs - left.cpuMs);
  const isWithin = rows.every((row) => row.isWithin);
  if (values.json)
    process.stdout.write(`${JSON.stringify({ version: 1, ...size, maximumMs: CPU_MAXIMUM_MS, isWithin, rows })}\n`);
  else console.table(rows);
  if (!isWithin) process.exitCode = 1;
} finally {
  await coordinator.stop();
}

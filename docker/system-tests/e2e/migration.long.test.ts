// A unit begun on one machine and finished on another: as if it had never been interrupted, and each machine is credited for its part.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { creditMilliOf, FUEL_PER_COBBLESTONE } from '@manyhands/contract';
import { type Batch, reproduceUnit } from '@manyhands/sdk';
import { childrenOf, cpuMsOf, innermostOf, manyhands, until } from '@manyhands/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Cluster } from '../support/cluster.js';

/** Several seconds on any machine. */
const ROUNDS = 7_000;
/** Of computing: more than a worker hands over for, much less than the unit takes. */
const WORTH_MS = 3_000;
/** Little, so that there are several marks on the way. */
const MEMORY_BYTES = 2 * 2 ** 20;
let cluster: Cluster;
beforeEach(async () => {
  cluster = await Cluster.start({ workers: 0 });
});
afterEach(() => cluster.stop());

type Segment = { host: string; replicas: number; fuel: number; amount: number };
const ledger = () =>
  cluster.query<Segment>(`
    SELECT host.pseudonym AS host, sum(replicas) AS replicas, sum(fuel) AS fuel, sum(amount_milli) AS amount
    FROM ledger JOIN host ON host.id = ledger.host_row_id GROUP BY host.id ORDER BY host.id`);

/** One unit of a batch with a quorum of one, begun by worker `one`, which then leaves. */
async function beginAndLeave(): Promise<Batch> {
  const { app } = await cluster.probe(MEMORY_BYTES);
  const inputs = [{ name: 'long', args: ['work', String(ROUNDS)], stdin: 'input' }];
  const batch = await app.map(inputs, { name: 'moved', quorum: 1 });
  const worker = await cluster.startWorker('one');
  const { pid } = worker;
  await until('enough work to be handed over', () => {
    const [executor] = childrenOf(pid, 'executor');
    return executor !== undefined && cpuMsOf(innermostOf(executor)) > WORTH_MS;
  });
  const left = await manyhands(['worker', 'leave', '--data', cluster.path('one'), '--json']);
  expect(left.exitCode, left.stderr).toBe(0);
  await worker.exit();
  await until('a hand-over', async () => (await batch.unit(0)).replicas.some(({ state }) => state === 'handed-over'));
  return batch;
}

test('the successor goes on where the predecessor stopped', async () => {
  const batch = await beginAndLeave();
  await cluster.startWorker('two');
  const texts: string[] = [];
  for await (const result of batch.results()) texts.push(result.text());
  expect(texts).toHaveLength(1);
  const reproduction = await reproduceUnit(batch, 0);
  expect(reproduction.differences).toEqual([]);
  expect(reproduction.verdict, 'output, fuel and chain of an unbroken run').toBe('same');
  const last = reproduction.unit.replicas.find(({ state }) => state === 'agreed');
  expect(last?.markCount).toBeGreaterThan(2);
  const segments = ledger();
  expect(segments).toHaveLength(2);
  expect(segments.every(({ fuel }) => fuel > 0)).toBe(true);
  expect(segments.reduce((sum, { fuel }) => sum + fuel, 0)).toBe(reproduction.acceptedFuel);
  for (const { fuel, amount } of segments) expect(amount).toBe(creditMilliOf(fuel, FUEL_PER_COBBLESTONE));
});

test('a checkpoint that was changed on its way is refused, and the unit is computed from its start', async () => {
  const batch = await beginAndLeave();
  const files = await checkpointFiles(cluster.path('coordinator'));
  expect(files).toHaveLength(1);
  for (const file of files) {
    const bytes = await readFile(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(file, bytes);
  }
  await cluster.startWorker('two');
  await cluster.startWorker('three');
  for await (const result of batch.results()) expect(result.name).toBe('long');
  const reproduction = await reproduceUnit(batch, 0);
  expect(reproduction.verdict).toBe('same');
  const segments = ledger();
  expect(segments, 'the whole unit by one host').toHaveLength(1);
  expect(segments[0]?.fuel).toBe(reproduction.acceptedFuel);
  expect(await checkpointFiles(cluster.path('coordinator')), 'nothing is kept of a settled unit').toEqual([]);
});

async function checkpointFiles(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, 'checkpoints'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

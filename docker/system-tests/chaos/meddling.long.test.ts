// A coordinator or network that changes what it passes on: workers compute only what was signed, scientists take only what was digested, and honest hosts end the batch.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dagCborCidOf } from '@manyhands/contract';
import type { Batch } from '@manyhands/sdk';
import { ManyhandsProcess, manyhands, until } from '@manyhands/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { expectedRuns, probeInputs } from '../support/audit.js';
import { Cluster } from '../support/cluster.js';
import { Meddler } from '../support/meddler.js';

const UNITS = 3;
let cluster: Cluster;
let meddler: Meddler;
beforeAll(async () => {
  // A grant that is lost with its connection comes back when its lease runs out.
  cluster = await Cluster.start({ workers: 0, environment: { MANYHANDS_LEASE_MINIMUM_MS: '20000' } });
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  meddler = await Meddler.start(cluster.url);
});
afterEach(() => meddler.stop());

async function submit(name: string): Promise<Batch> {
  const { app } = await cluster.probe();
  return app.map(probeInputs(UNITS, 1), { name, expectedDurationMs: 100 });
}

/** A worker that knows nobody but the meddler. */
function victim(name: string): ManyhandsProcess {
  const data = ['--data', cluster.path(name), '--account', name];
  const worker = new ManyhandsProcess(['worker', 'join', meddler.url, ...data, '--cpus', '1', '--no-p2p', '--json']);
  cluster.workers.set(name, worker);
  return worker;
}

const failureCodes = () =>
  cluster.query<{ code: string }>('SELECT DISTINCT code FROM replica_failure').map(({ code }) => code);

async function endsRight(batch: Batch): Promise<void> {
  const texts: Record<string, string> = {};
  for await (const result of batch.results()) texts[result.name] = result.text();
  expect(texts).toEqual((await expectedRuns(UNITS, 1)).texts);
}

async function stopAll(): Promise<void> {
  await Promise.all([...cluster.workers.values()].map((worker) => worker.stop()));
  cluster.workers.clear();
}

test('blocks that do not match their hash are fetched again, never used', async () => {
  const batch = await submit('other-blocks');
  const asked = new Map<string, number>();
  meddler.onBytes = (path, bytes) => {
    if (!path.startsWith('/blocks/')) return bytes;
    const times = (asked.get(path) ?? 0) + 1;
    asked.set(path, times);
    return times <= 2 ? bytes?.with(-1, (bytes.at(-1) ?? 0) ^ 1) : bytes;
  };
  const worker = victim('victim-of-blocks');
  await cluster.startWorker('hand-1');
  await endsRight(batch);
  expect(worker.hasEnded).toBe(false);
  expect([...asked.values()].every((times) => times >= 3)).toBe(true);
  expect(asked.size).toBeGreaterThanOrEqual(3 + UNITS); // manifest, page, module and inputs
  expect(cluster.query('SELECT id FROM host WHERE accepted_replicas > 0')).toHaveLength(2);
  await stopAll();
});

test('a manifest with a bad signature is not computed', async () => {
  const batch = await submit('forged-manifest');
  const { manifestCid } = await batch.status();
  const genuine = new Uint8Array(await (await fetch(`${meddler.url}/blocks/${manifestCid}`)).arrayBuffer());
  const forged = genuine.with(-1, (genuine.at(-1) ?? 0) ^ 1);
  const forgedCid = dagCborCidOf(forged);
  meddler.onBytes = (path, bytes) => (path === `/blocks/${forgedCid}` ? forged : bytes);
  meddler.onMessage = (message) =>
    message.t === 'lease.grant'
      ? [{ ...message, leases: message.leases.map((lease) => ({ ...lease, manifestCid: forgedCid })) }]
      : [message];
  const worker = victim('victim-of-forgery');
  const code = await until('a refusal for its signature', () =>
    failureCodes().find((found) => found.startsWith('MH-SIG-')),
  );
  expect(code).toMatch(/^MH-SIG-00[12]$/);
  expect(worker.hasEnded).toBe(false);
  for (const name of ['hand-3', 'hand-4']) await cluster.startWorker(name);
  await endsRight(batch);
  await stopAll();
});

test('garbage, text, oversize and unasked frames: the worker comes back and does its work', async () => {
  const batch = await submit('garbage-frames');
  meddler.onMessage = (message) => {
    if (message.t !== 'lease.grant' || meddler.connections > 4) return [message];
    const rubbish: Record<number, (Uint8Array | string)[]> = {
      1: Array.from({ length: 10 }, () => new Uint8Array(500).fill(0xff)),
      2: Array.from({ length: 10 }, () => '{"t":"lease.grant"}'),
      3: [new Uint8Array(1024 * 1024 + 1)],
      4: [new Uint8Array(1024 * 1024).fill(0x81), Uint8Array.of(0xa1, 0x61, 0x74, 0x60)],
    };
    return [...(rubbish[meddler.connections] ?? []), { t: 'ack', id: 99 }, message];
  };
  const worker = victim('victim-of-garbage');
  await cluster.startWorker('hand-5');
  await endsRight(batch);
  expect(worker.hasEnded).toBe(false);
  expect(worker.stderr).not.toMatch(/\n\s+at /);
  expect(cluster.query('SELECT id FROM host WHERE accepted_replicas > 0 AND is_banned = 0').length).toBeGreaterThan(1);
  await stopAll();
});

test('results under names that lead out of their folder, and other bytes than their digest', async () => {
  const batch = await submit('told-wrongly');
  for (const name of ['hand-6', 'hand-7']) await cluster.startWorker(name);
  await batch.wait();
  const out = cluster.path('results/folder');
  const fetchThere = () =>
    manyhands([
      ...['batch', 'results', batch.id, '--coordinator', meddler.url, '--out', out, '--json'],
      ...['--data', cluster.path('reader')],
    ]);
  meddler.onJson = (path, text) => (path.includes('/outcomes') ? text.replaceAll('"unit-', '"../../escaped-') : text);
  expect((await fetchThere()).lines.at(-1)).toMatchObject({ error: { code: 'MH-GEN-005' } });
  expect((await readdir(cluster.folder)).filter((name) => name.includes('escaped'))).toEqual([]);
  meddler.onJson = (_, text) => text;
  meddler.onBytes = (path, bytes) => (path.includes('/results/') ? bytes?.with(-1, (bytes.at(-1) ?? 0) ^ 1) : bytes);
  expect((await fetchThere()).lines.at(-1)).toMatchObject({ error: { code: 'MH-RCP-003' } });
  expect(existsSync(out) ? await readdir(out) : []).toEqual(['.manyhands']);
  meddler.onBytes = (_, bytes) => bytes;
  expect((await fetchThere()).exitCode).toBe(0);
  expect((await readdir(out)).sort()).toEqual(['.manyhands', 'unit-0', 'unit-1', 'unit-2']);
});

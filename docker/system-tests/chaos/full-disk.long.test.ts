// Disks that are full to the last byte in the middle of a batch, under the coordinator and under a worker: nothing is lost, room makes everything go on.
import { type JsonLine, type ManyhandsProcess, until } from '@manyhands/testing';
import { afterAll, afterEach, expect, test } from 'vitest';
import { expectExactCredit, expectedRuns, probeInputs } from '../support/audit.js';
import { Cluster } from '../support/cluster.js';
import { canMount, SmallDisk } from '../support/small-disk.js';

const UNITS = 24;
const ROUNDS = 10;
const isMountable = canMount();
const disks: SmallDisk[] = [];
let cluster: Cluster | undefined;
afterEach(async () => {
  for (const disk of disks) disk.makeRoom();
  const stopping = cluster?.stop();
  cluster = undefined;
  for (const disk of disks.splice(0)) disk.unmount();
  await stopping?.catch(() => {});
});
afterAll(() => {
  expect(disks).toEqual([]);
});

/** Whether a worker said last that it has results which were not acknowledged. */
function hasUntaken({ lines }: ManyhandsProcess): boolean {
  const { status } = lines.findLast((line) => line.status !== undefined) ?? {};
  return ((status as { units?: { unacknowledged?: number } } | undefined)?.units?.unacknowledged ?? 0) > 0;
}

async function submit(running: Cluster) {
  const { app } = await running.probe();
  const batch = await app.map(probeInputs(UNITS, ROUNDS), { name: 'full', expectedDurationMs: 500 });
  await until('an accepted unit', async () => (await batch.status()).counts.accepted > 0);
  return { app, batch };
}

test.runIf(isMountable)('the coordinator’s disk is full', async () => {
  cluster = await Cluster.start({
    workers: 0,
    environment: { MANYHANDS_DISK_RESERVE_BYTES: String(4 * 2 ** 20) },
    prepare: (folder) => disks.push(new SmallDisk(`${folder}/coordinator`, 64)),
  });
  const running = cluster;
  for (const name of ['one', 'two']) await running.startWorker(name);
  const { app, batch } = await submit(running);
  const acknowledged = (await batch.status()).counts.accepted;
  disks[0]?.fill();
  await until('a coordinator that is not ready', async () => (await fetch(`${running.url}/readyz`)).status !== 200);
  expect((await fetch(`${running.url}/healthz`)).status, 'alive and readable').toBe(200);
  expect((await batch.status()).counts.accepted).toBeGreaterThanOrEqual(acknowledged);
  const refusal = await fetch(`${running.url}/api/v1/projects/${app.project.id}/batches`, { method: 'POST' });
  expect(refusal.status).toBeGreaterThanOrEqual(400);
  await until('results that the coordinator does not take', () => [...running.workers.values()].some(hasUntaken));
  expect(running.coordinator.hasEnded).toBe(false);
  disks[0]?.makeRoom();
  const texts: Record<string, string> = {};
  for await (const result of batch.results()) texts[result.name] = result.text();
  const expected = await expectedRuns(UNITS, ROUNDS);
  expect(texts).toEqual(expected.texts);
  expectExactCredit(running, { units: UNITS, fuel: expected.fuel });
});

test.runIf(isMountable)('a worker’s disk is full', async () => {
  cluster = await Cluster.start({
    workers: 0,
    prepare: (folder) => disks.push(new SmallDisk(`${folder}/small`, 320)),
  });
  const running = cluster;
  const small = await running.startWorker('small');
  await running.startWorker('other');
  const { batch } = await submit(running);
  disks[0]?.fill();
  const isPaused = ({ status }: JsonLine) => (status as { code?: unknown } | undefined)?.code === 'MH-GEN-010';
  await small.waitFor(isPaused);
  disks[0]?.makeRoom();
  const texts: Record<string, string> = {};
  for await (const result of batch.results()) texts[result.name] = result.text();
  const expected = await expectedRuns(UNITS, ROUNDS);
  expect(texts).toEqual(expected.texts);
  expectExactCredit(running, { units: UNITS, fuel: expected.fuel });
  expect(small.hasEnded, 'it went on by itself').toBe(false);
});

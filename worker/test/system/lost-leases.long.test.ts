// Leases that ran out, as those of a computer that slept: the worker goes on where it was, and states what it has computed already.
import { join } from 'node:path';
import { temporaryFolder, until } from '@manyhands/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CAT, workFor } from '../support/modules.js';
import { ScriptedCoordinator } from '../support/scripted-coordinator.js';
import { snapshotRows } from '../support/snapshot-watch.js';
import { WorkerProcess } from '../support/worker-process.js';

/** Some seconds on a quick machine. */
const PROGRAM = workFor(100_000);
let folder: string;
let coordinator: ScriptedCoordinator;
const workers: WorkerProcess[] = [];

beforeEach(async () => {
  folder = join(await temporaryFolder(), 'worker');
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
  await coordinator.stop();
});

function startWorker(): WorkerProcess {
  const options = { coordinatorUrl: coordinator.url, dataDirectory: folder, snapshotIntervalMs: 200 };
  const worker = new WorkerProcess(options);
  workers.push(worker);
  return worker;
}

const snapshotFuel = (): Promise<number> => until('a snapshot', () => snapshotRows(folder)[0]?.fuel);

/** Waits for the result of unit 0; gives the fuel from which its last run went on. */
async function resultAfterResuming(): Promise<number> {
  let resumedFuel = 0;
  await until('the result', () => {
    for (const { resumed_fuel: fuel } of snapshotRows(folder)) resumedFuel = Math.max(resumedFuel, fuel ?? 0);
    return coordinator.results.size === 1;
  });
  return resumedFuel;
}

test('a unit whose lease ran out goes on from its snapshot when it is leased again, with the result of an unbroken run', async () => {
  coordinator = await ScriptedCoordinator.start({ program: PROGRAM, inputs: [new Uint8Array(1)] });
  startWorker();
  const fuel = await snapshotFuel();
  coordinator.expire();
  expect(await resultAfterResuming()).toBeGreaterThanOrEqual(fuel);
  const { elapsedMs: _, ...broken } = coordinator.results.get(0) ?? {};
  expect(snapshotRows(folder), 'nothing is kept of a unit that is done').toEqual([]);
  // The first worker must not take it again.
  await workers[0]?.kill();
  coordinator.results.clear();
  coordinator.waiting.push(0);
  folder = `${folder}-other`;
  startWorker();
  await until('an unbroken result', () => coordinator.results.size === 1);
  const { elapsedMs: __, ...unbroken } = coordinator.results.get(0) ?? {};
  expect(broken).toEqual(unbroken);
});

test('a worker that was off for longer than its lease goes on from its snapshot under the next one', async () => {
  coordinator = await ScriptedCoordinator.start({ program: PROGRAM, inputs: [new Uint8Array(1)] });
  const first = startWorker();
  await snapshotFuel();
  await first.kill();
  const [{ fuel } = { fuel: 0 }] = snapshotRows(folder);
  expect(fuel).toBeGreaterThan(0);
  coordinator.expire();
  startWorker();
  expect(await resultAfterResuming()).toBeGreaterThanOrEqual(fuel);
});

test('a unit that nobody needs any more leaves no snapshot', async () => {
  coordinator = await ScriptedCoordinator.start({ program: PROGRAM, inputs: [new Uint8Array(1), new Uint8Array(1)] });
  coordinator.script.unitsPerLease = 1;
  const worker = startWorker();
  await snapshotFuel();
  const [{ unit_index: begun } = { unit_index: -1 }] = snapshotRows(folder);
  for (const { leaseId, ranges } of coordinator.leases.values())
    if (ranges[0]?.[0] === begun) coordinator.push({ t: 'lease.cancel', leaseId, code: 'MH-VAL-004' });
  await until('another unit', () => snapshotRows(folder).some(({ unit_index: index }) => index !== begun));
  expect(snapshotRows(folder).map(({ unit_index: index }) => index)).not.toContain(begun);
  expect(worker.status()?.totals.failed).toBe(0);
});

test('a unit that comes again while its result is here is not computed again', async () => {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: [new Uint8Array(100_000).fill(7)] });
  coordinator.script.isAcknowledging = false;
  const worker = startWorker();
  await until('the result', () => coordinator.results.size === 1);
  const [first] = coordinator.leases.keys();
  coordinator.waiting.push(0);
  coordinator.push({ t: 'work' });
  await until('the result under a second lease', () =>
    coordinator.receipts.some(({ leaseId }) => leaseId !== first && coordinator.leases.has(leaseId)),
  );
  coordinator.script.isAcknowledging = true;
  coordinator.dropConnections();
  await until('the bytes', () => coordinator.uploads.has(0));
  await until('nothing left to hand in', () => worker.status()?.units.unacknowledged === 0);
  expect(worker.status()?.totals.computed).toBe(1);
});

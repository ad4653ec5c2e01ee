// kill -9 of a worker or its executor at random moments of long units: they go on from the last durable snapshot, with the same output, fuel and chain.
import { readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cpuMsOf, randomOf, temporaryFolder, until } from '@manyhands/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { workFor } from '../support/modules.js';
import { type Reported, ScriptedCoordinator } from '../support/scripted-coordinator.js';
import { executorOf, knownUnits, type SnapshotRow, SnapshotWatch, snapshotRows } from '../support/snapshot-watch.js';
import { WorkerProcess } from '../support/worker-process.js';

const KILLS = Number(process.env.MANYHANDS_KILLS ?? 10);
/** About six seconds of work on a quick machine. */
const ROUNDS = 200_000;
const SNAPSHOT_INTERVAL_MS = 500;
/** More than there can be ends between kills: no kill may meet an idle worker. */
const UNITS = 2 * KILLS;

let folder: string;
let coordinator: ScriptedCoordinator;
let worker: WorkerProcess | undefined;

beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await worker?.kill();
  await coordinator.stop();
});

const snapshots = (): SnapshotRow[] => snapshotRows(folder);

function startWorker(isOnce: boolean): WorkerProcess {
  const options = { coordinatorUrl: coordinator.url, dataDirectory: folder, isOnce };
  return new WorkerProcess({ ...options, snapshotIntervalMs: SNAPSHOT_INTERVAL_MS });
}

function statementOf(index: number): Omit<Reported, 'elapsedMs'> {
  const { digest, fuel, markCount, chainRoot, bundle } = coordinator.results.get(index) as Reported;
  return { digest, fuel, markCount, chainRoot, bundle };
}

test(`${KILLS} kills`, async () => {
  const random = randomOf('worker kills');
  coordinator = await ScriptedCoordinator.start({
    program: workFor(ROUNDS),
    // One input for all units, so that only their names differ; the program reads neither.
    inputs: Array.from({ length: UNITS }, () => new Uint8Array(1)),
    timeoutMs: 600_000,
  });
  coordinator.script.unitsPerLease = 1;
  coordinator.script.durationMs = 3_600_000;
  let resumedCount = 0;
  const watch = new SnapshotWatch(folder);
  const agesMs: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    worker ??= startWorker(false);
    // The first snapshot of a run shows that it is under way; a run may also end, and another unit begin.
    const before = new Map(snapshots().map((row) => [row.unit_index, row]));
    const isUnderWay = () => snapshots().some(({ unit_index, fuel }) => fuel > (before.get(unit_index)?.fuel ?? 0));
    await until('a unit under way', isUnderWay);
    for (const row of snapshots()) {
      const durable = before.get(row.unit_index);
      if (!durable || row.resumed_count === durable.resumed_count) continue;
      expect(row.resumed_fuel, 'nothing before the last durable snapshot is repeated').toBeGreaterThanOrEqual(
        durable.fuel,
      );
      resumedCount += 1;
    }
    // At any moment of its computing until the next snapshot but one, or as soon as another has taken its place.
    const { pid } = worker;
    const executor = executorOf(pid);
    const killAtMs = cpuMsOf(executor ?? 0) + random() * 2 * SNAPSHOT_INTERVAL_MS;
    await until('the moment of the kill', () => {
      watch.look(executorOf(pid));
      return executor === undefined || executorOf(pid) !== executor || cpuMsOf(executor) >= killAtMs;
    });
    const ageMs = watch.ageMs(executorOf(pid));
    if (ageMs !== null) agesMs.push(ageMs);
    await killOne(worker, random());
  }
  // What was begun is finished, and nothing more.
  if (worker) await killOne(worker, 1);
  const begunCount = coordinator.withdraw();
  worker = startWorker(true);
  expect(await worker.exit(), worker.stderr).toBe(0);
  expect(resumedCount, 'most kills met a unit with a snapshot').toBeGreaterThan(KILLS / 2);
  // A figure for lab/README.md: no test depends on it.
  console.log(`ages of the last durable snapshot at a kill: ${agesMs.map(Math.round).join(', ')} ms of computing`);
  expect(coordinator.results.size).toBe(begunCount);
  // Units differ in nothing that the program sees, so that every unit says what an unbroken one says; links bind their seeds, which differ.
  for (const index of coordinator.results.keys()) {
    expect(statementOf(index).bundle).toEqual(statementOf(0).bundle);
    expect(statementOf(index).fuel).toBe(statementOf(0).fuel);
  }
  await compareWithUnbroken();
});

/** Mostly the worker, sometimes only its executor. */
async function killOne(victim: WorkerProcess, chance: number): Promise<void> {
  const executor = executorOf(victim.pid);
  if (executor && chance < 0.3) {
    process.kill(executor, 'SIGKILL');
    return;
  }
  await victim.kill();
  coordinator.reissueLost(knownUnits(folder));
  worker = undefined;
}

/** The first unit, computed by a worker that nobody kills. */
async function compareWithUnbroken(): Promise<void> {
  const broken = statementOf(0);
  coordinator.results.clear();
  coordinator.waiting.push(0);
  await rm(folder, { recursive: true, force: true });
  worker = startWorker(false);
  await until('the result', () => coordinator.results.has(0));
  expect(statementOf(0)).toEqual(broken);
}

test('a snapshot that is damaged on the disk means to begin anew', async () => {
  coordinator = await ScriptedCoordinator.start({
    program: workFor(2 * ROUNDS),
    inputs: [new Uint8Array(1)],
    timeoutMs: 600_000,
  });
  worker = startWorker(false);
  await until('a snapshot', () => snapshots().length === 1);
  await worker.kill();
  const files = join(folder, 'snapshots');
  for (const name of readdirSync(files)) writeFileSync(join(files, name), 'damaged');
  worker = startWorker(true);
  expect(await worker.exit(), worker.stderr).toBe(0);
  expect(coordinator.failures.size).toBe(0);
  expect(coordinator.results.size).toBe(1);
});

// kill -9 of a worker or its executor at random moments of long units: they go on from the last durable snapshot, with the same output, fuel and chain.
import { readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { workFor } from '../support/modules.js';
import { type Reported, ScriptedCoordinator } from '../support/scripted-coordinator.js';
import { executorOf, type SnapshotRow, SnapshotWatch, snapshotRows } from '../support/snapshot-watch.js';
import { WorkerProcess } from '../support/worker-process.js';

const KILLS = Number(process.env.MANYHANDS_KILLS ?? 10);
/** About six seconds of work on a quick machine. */
const ROUNDS = 200_000;
const SNAPSHOT_INTERVAL_MS = 500;
/** Slices take at most so long. */
const SLICE_MAXIMUM_MS = 700;
/** Between two looks at the journal. */
const LOOK_MS = 20;
/** More than there can be ends between kills: no kill may meet an idle worker. */
const UNITS = 2 * KILLS;

let folder: string;
let coordinator: ScriptedCoordinator;
let worker: WorkerProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manyhands-kill-'));
});
afterEach(async () => {
  await worker?.kill();
  await coordinator.stop();
  await rm(folder, { recursive: true, force: true });
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

test(`${KILLS} kills`, { timeout: 300_000 + KILLS * 30_000 }, async () => {
  const seed = Number(process.env.MANYHANDS_SEED ?? Date.now() % 1_000_000);
  console.log(`kill: MANYHANDS_SEED=${seed}`);
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 1;
    return (state % 1000) / 1000;
  };
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
    await expect.poll(isUnderWay, { timeout: 60_000, interval: 20 }).toBe(true);
    for (const row of snapshots()) {
      const durable = before.get(row.unit_index);
      if (!durable || row.resumed_count === durable.resumed_count) continue;
      expect(row.resumed_fuel, 'nothing before the last durable snapshot is repeated').toBeGreaterThanOrEqual(
        durable.fuel,
      );
      resumedCount += 1;
    }
    const killAtMs = performance.now() + random() * 2 * SNAPSHOT_INTERVAL_MS;
    const { pid } = worker;
    while (performance.now() < killAtMs) {
      watch.look(executorOf(pid));
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    const ageMs = watch.ageMs(executorOf(pid));
    if (ageMs !== null) agesMs.push(ageMs);
    await killOne(worker, random());
  }
  // What was begun is finished, and nothing more.
  const begunCount = coordinator.withdraw();
  await worker?.kill();
  worker = startWorker(true);
  expect(await worker.exit(), worker.stderr).toBe(0);
  expect(resumedCount, 'most kills met a unit with a snapshot').toBeGreaterThan(KILLS / 2);
  expect(agesMs.length, 'enough kills met a unit that had written one').toBeGreaterThan(KILLS / 3);
  const boundMs = SNAPSHOT_INTERVAL_MS + SLICE_MAXIMUM_MS + watch.writeMs;
  console.log(`kill: ages ${agesMs.map(Math.round).join(', ')} ms; at most ${Math.round(boundMs)} ms`);
  expect(Math.max(...agesMs), 'age of the last durable snapshot at a kill').toBeLessThanOrEqual(boundMs);
  expect(coordinator.results.size).toBe(begunCount);
  // Units differ in nothing that the program sees, so that every unit says what an unbroken one says; links bind their seeds, which differ.
  for (let index = 1; index < begunCount; index++) {
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
  worker = undefined;
}

/** The first unit, computed by a worker that nobody kills. */
async function compareWithUnbroken(): Promise<void> {
  const broken = statementOf(0);
  coordinator.results.clear();
  coordinator.waiting.push(0);
  await rm(folder, { recursive: true, force: true });
  worker = startWorker(false);
  await expect.poll(() => coordinator.results.size, { timeout: 240_000, interval: 50 }).toBe(1);
  expect(statementOf(0)).toEqual(broken);
}

test('a snapshot that is damaged on the disk means to begin anew', { timeout: 240_000 }, async () => {
  coordinator = await ScriptedCoordinator.start({
    program: workFor(ROUNDS / 4),
    inputs: [new Uint8Array(1)],
    timeoutMs: 600_000,
  });
  worker = startWorker(false);
  await expect.poll(() => snapshots().length, { timeout: 60_000, interval: 10 }).toBe(1);
  await worker.kill();
  const files = join(folder, 'snapshots');
  for (const name of readdirSync(files)) writeFileSync(join(files, name), 'damaged');
  worker = startWorker(true);
  expect(await worker.exit(), worker.stderr).toBe(0);
  expect(coordinator.failures.size).toBe(0);
  expect(coordinator.results.size).toBe(1);
});

// kill -9 of the worker at random moments: nothing journalled is lost or computed again, leases go on, everything is handed over.
import { join } from 'node:path';
import { randomOf, temporaryFolder, until } from '@manyhands/testing';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { catAfter } from '../support/modules.js';
import { ScriptedCoordinator } from '../support/scripted-coordinator.js';
import { knownUnits } from '../support/snapshot-watch.js';
import { WorkerProcess } from '../support/worker-process.js';

const UNITS = 150;
const KILLS = 6;
/** Results that come from one kill to the next, again or for the first time: far fewer than there are units. */
const STATED_MAXIMUM = 12;
/** Some tens of milliseconds, so that the time taken tells one run from another. */
const BUSY_ROUNDS = 20_000_000;
let folder: string;
let coordinator: ScriptedCoordinator;
let worker: WorkerProcess;

beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await worker.kill();
  await coordinator.stop();
});

type Row = { unit_index: number; digest: Buffer; elapsed_ms: number };

/** What the journal of the dead worker holds. */
function journalled(): Row[] {
  const database = new Database(join(folder, 'worker.sqlite'));
  try {
    return database
      .prepare<[], Row>("SELECT unit_index, digest, elapsed_ms FROM unit WHERE state <> 'open' AND kind = 'success'")
      .all();
  } finally {
    database.close();
  }
}

test('journalled results survive and are sent as they were', async () => {
  const random = randomOf('worker crashes');
  const input = (_: unknown, index: number) => new Uint8Array(index % 10 === 0 ? 60_000 : 40).fill(index + 1);
  coordinator = await ScriptedCoordinator.start({
    program: catAfter(BUSY_ROUNDS),
    inputs: Array.from({ length: UNITS }, input),
  });
  coordinator.script.unitsPerLease = 25;
  const statedCount = () => [...coordinator.statementCounts.values()].reduce((sum, count) => sum + count, 0);
  const join_ = () => new WorkerProcess({ coordinatorUrl: coordinator.url, dataDirectory: folder, isOnce: true });
  const seen: Row[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    worker = join_();
    // Receipts must have come before the kill, or the test would show nothing. Without acknowledgements they may all be ones that came before.
    const enough = statedCount() + 1 + Math.floor(random() * STATED_MAXIMUM);
    coordinator.script.isAcknowledging = kill % 2 === 0;
    await until(`${enough} results, first or again`, () => statedCount() >= enough);
    await worker.kill();
    coordinator.reissueLost(knownUnits(folder));
    seen.push(...journalled());
  }
  coordinator.script.isAcknowledging = true;
  worker = join_();
  expect(await worker.exit(), worker.stderr).toBe(0);
  expect(coordinator.results.size).toBe(UNITS);
  expect(seen.length).toBeGreaterThan(0);
  for (const { unit_index, digest, elapsed_ms } of seen) {
    const reported = coordinator.results.get(unit_index);
    expect(Buffer.from(reported?.digest ?? []).equals(digest), `digest of unit ${unit_index}`).toBe(true);
    expect(reported?.elapsedMs, `unit ${unit_index} was computed once`).toBe(elapsed_ms);
    expect(elapsed_ms).toBeGreaterThan(0);
  }
  expect([...coordinator.uploads.keys()].sort((left, right) => left - right)).toEqual(
    Array.from({ length: UNITS / 10 }, (_, place) => place * 10),
  );
});

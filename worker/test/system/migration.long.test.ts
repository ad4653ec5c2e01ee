// A unit begun on one worker and finished on another: same output, fuel and chain; a checkpoint that is not as signed is never computed on.
import { join } from 'node:path';
import { type HandOver, handOverSchema, type MessageOf, open } from '@manyhands/contract';
import { temporaryFolder, until } from '@manyhands/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { workFor } from '../support/modules.js';
import { ScriptedCoordinator } from '../support/scripted-coordinator.js';
import { snapshotRows } from '../support/snapshot-watch.js';
import { WorkerProcess } from '../support/worker-process.js';

/** Several seconds, of which three workers do a part each. */
const PROGRAM = workFor(150_000);
let folder: string;
let coordinator: ScriptedCoordinator;
const workers: WorkerProcess[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
  coordinator = await ScriptedCoordinator.start({ program: PROGRAM, inputs: [new Uint8Array(1)], timeoutMs: 600_000 });
  coordinator.script.durationMs = 3_600_000;
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
  await coordinator.stop();
});

function join_(name: string): WorkerProcess {
  const options = { coordinatorUrl: coordinator.url, dataDirectory: join(folder, name), snapshotIntervalMs: 200 };
  const worker = new WorkerProcess(options);
  workers.push(worker);
  return worker;
}

function handOvers(): HandOver[] {
  const messages = coordinator.received.filter(
    (message): message is MessageOf<'hand.over'> => message.t === 'hand.over',
  );
  return messages.map(({ envelope }) => {
    const { coordinatorId } = coordinator;
    const opened = open(envelope, { type: 'hand-over', coordinatorId }, { schema: handOverSchema });
    if (!opened.ok) throw new Error(opened.reason);
    return opened.value;
  });
}

/** A worker that begins the unit, or goes on with it, and leaves with it half done. */
async function leaveHalfDone(name: string): Promise<void> {
  const before = handOvers().length;
  const base = handOvers().at(-1)?.fuel ?? 0;
  const worker = join_(name);
  // A first snapshot of its own: from then on the unit is worth handing over.
  await until(`a snapshot of ${name}`, () =>
    snapshotRows(join(folder, name)).some(({ fuel, resumed_fuel: from }) => fuel > (from ?? base)),
  );
  worker.signal('SIGTERM');
  expect(await worker.exit(), worker.stderr).toBe(0);
  expect(handOvers()).toHaveLength(before + 1);
}

test('begun on one, carried on by a second, finished on a third', async () => {
  await leaveHalfDone('first');
  await leaveHalfDone('second');
  const [first, second] = handOvers();
  expect(first).toMatchObject({ index: 0, fromFuel: 0 });
  expect(second?.fromFuel).toBe(first?.fuel);
  expect(second?.hostId).not.toBe(first?.hostId);
  const third = join_('third');
  await until('the result', () => coordinator.results.size === 1);
  const { elapsedMs: _, ...statement } = coordinator.results.get(0) ?? {};
  expect(statement).toMatchObject({ fuel: expect.any(Number) });
  await third.kill();
  coordinator.results.clear();
  coordinator.waiting.push(0);
  join_('unbroken');
  await until('the result', () => coordinator.results.size === 1);
  const { elapsedMs: __, ...unbroken } = coordinator.results.get(0) ?? {};
  expect(statement).toEqual(unbroken);
});

test('a tampered checkpoint goes back with its code', async () => {
  await leaveHalfDone('first');
  coordinator.script.onBlock = (name, bytes) => {
    if (name !== 'checkpoint') return bytes;
    const wrong = bytes.slice();
    wrong[wrong.length >> 1] = (wrong[wrong.length >> 1] ?? 0) ^ 1;
    return wrong;
  };
  join_('second');
  const codes = () =>
    coordinator.received
      .filter((message): message is MessageOf<'lease.return'> => message.t === 'lease.return')
      .map(({ code }) => code);
  await until('a refusal of the checkpoint', () => codes().includes('MH-CKP-005'));
  expect(coordinator.failures.size).toBe(0);
});

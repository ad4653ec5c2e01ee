// A worker whose clock is wrong: the coordinator's counts, and large results arrive.
import { join } from 'node:path';
import { clockWrongBy, temporaryFolder, until } from '@manyhands/testing';
import { afterEach, expect, test } from 'vitest';
import { CAT } from '../support/modules.js';
import { ScriptedCoordinator } from '../support/scripted-coordinator.js';
import { WorkerProcess } from '../support/worker-process.js';

let coordinator: ScriptedCoordinator;
let worker: WorkerProcess;
afterEach(async () => {
  await worker.kill();
  await coordinator.stop();
});

async function start(hours: number, { isTellingTime }: { isTellingTime: boolean }): Promise<void> {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: [new Uint8Array(100_000).fill(7)] });
  coordinator.script.isTellingTime = isTellingTime;
  const dataDirectory = join(await temporaryFolder(), 'worker');
  worker = new WorkerProcess({ coordinatorUrl: coordinator.url, dataDirectory }, [], [clockWrongBy(hours)]);
}

test.for([1, -1, 1000, -1000])('wrong by %i hours', async (hours) => {
  await start(hours, { isTellingTime: true });
  await until('the bytes of the result', () => coordinator.uploads.has(0) || coordinator.refusals.length > 0);
  expect(coordinator.refusals).toEqual([]);
});

test('wrong by 1000 hours, with a coordinator that does not tell the time: from its first refusal on', async () => {
  await start(1000, { isTellingTime: false });
  await until('the bytes of the result', () => coordinator.uploads.has(0) || coordinator.refusals.length > 1);
  expect(coordinator.refusals).toEqual(['MH-SIG-005']);
});

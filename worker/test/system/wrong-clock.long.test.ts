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

async function start(hours: number, script: { isTellingTime: boolean; isClockStuck?: boolean }): Promise<void> {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: [new Uint8Array(100_000).fill(7)] });
  Object.assign(coordinator.script, script);
  const dataDirectory = join(await temporaryFolder(), 'worker');
  worker = new WorkerProcess({ coordinatorUrl: coordinator.url, dataDirectory }, [], [clockWrongBy(hours)]);
}

test.for([1, -1, 1000, -1000])('wrong by %i hours', async (hours) => {
  await start(hours, { isTellingTime: true });
  await until('the bytes of the result', () => coordinator.uploads.has(0) || coordinator.refusals.length > 0);
  expect(coordinator.refusals).toEqual([]);
});

test('what still fails stands in the status, and is over with the first call that gets through', async () => {
  await start(0, { isTellingTime: true, isClockStuck: true });
  const code = () => worker.status()?.code;
  await until('a status, or one try more', () => code() === 'MH-SIG-005' || coordinator.refusals.length > 2);
  expect(code()).toBe('MH-SIG-005');
  coordinator.script.isClockStuck = false;
  await until('the bytes of the result', () => coordinator.uploads.has(0));
  await until('another status', () => code() !== 'MH-SIG-005');
});

test('wrong by 1000 hours, with a coordinator that does not tell the time: from its first refusal on', async () => {
  await start(1000, { isTellingTime: false });
  await until('the bytes of the result', () => coordinator.uploads.has(0) || coordinator.refusals.length > 1);
  expect(coordinator.refusals).toEqual(['MH-SIG-005']);
});

// A demo whose processes are killed before the answer: it ends and says why, instead of waiting for nobody.
import { join } from 'node:path';
import { ManyhandsProcess, temporaryFolder, until } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { processesWith } from '../support/demo.js';

test.for([
  { who: 'the volunteers, all but one', kill: ['worker-1', 'worker-2', 'worker-3'], command: 'worker join' },
  { who: 'the coordinator', kill: ['coordinator'], command: 'coordinator start' },
])('$who', async ({ kill, command }) => {
  const folder = await temporaryFolder('demo');
  const demo = new ManyhandsProcess(['demo', '--full', '--port', '0', '--data', folder]);
  const said = () => demo.stdout + demo.stderr;
  await until(
    () => `four volunteers of ${demo.story()}`,
    () => said().includes('4 joined') || demo.hasEnded,
  );
  for (const name of kill) {
    const own = await processesWith(join(folder, 'parts', name));
    const found = own.find(({ line }) => line.includes(command.replace(' ', '\0')));
    process.kill(found?.pid ?? Number.NaN, 'SIGKILL');
  }
  expect(await demo.exit(), demo.story()).toBe(3);
  expect(said()).toContain(`manyhands ${command} has ended`);
  expect(said()).toContain('MH-GEN-014');
  await until('the end of all its processes', async () => (await processesWith(folder)).length === 0);
});

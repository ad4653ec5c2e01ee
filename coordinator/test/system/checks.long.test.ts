// Checks of programs in turns: long ones keep nobody waiting.
import type { AppVersionStatus } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { COMMAND, programOf, published } from '../support/programs.js';
import { Client, started } from '../support/running.js';
import { Scientist } from '../support/scientist.js';

const CALLS = 1_000_000;
const PROJECTS = 10;

const leb128 = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...leb128(value >>> 7)]);

/** Two megabytes of calls: instrumenting them takes many times what an ordinary program takes. */
function bomb(): Uint8Array {
  const head = COMMAND.subarray(0, 14);
  const twoFunctions = [0x03, 0x03, 0x02, 0x00, 0x00];
  const memoryAndExports = COMMAND.subarray(18, COMMAND.length - 6);
  const body = new Uint8Array(2 * CALLS + 2);
  for (let at = 0; at < CALLS; at++) body.set([0x10, 0x01], 1 + 2 * at); // call of the empty function
  body[body.length - 1] = 0x0b;
  const bodies = Uint8Array.from([2, ...leb128(body.length)]);
  const empty = [0x02, 0x00, 0x0b];
  const sizeBytes = bodies.length + body.length + empty.length;
  return Buffer.concat([
    head,
    Uint8Array.from(twoFunctions),
    memoryAndExports,
    Uint8Array.from([0x0a, ...leb128(sizeBytes)]),
    bodies,
    body,
    Uint8Array.from(empty),
  ]);
}

test('an honest program is checked while bombs of ten projects are', async () => {
  const client = new Client(await started());
  const program = published(Uint8Array.from(bomb()), { step: COMMAND });
  const bombs: string[] = [];
  for (let at = 0; at < PROJECTS; at++) {
    const project = new Scientist(client, `bomb-${at}`);
    await project.found();
    bombs.push((await project.publish(program)).body.appVersionId);
  }
  const honest = new Scientist(client, 'honest');
  await honest.found();
  expect((await honest.publishChecked(await programOf(COMMAND))).state).toBe('ready');
  const states = await Promise.all(
    bombs.map(async (id) => (await client.call<AppVersionStatus>('GET', `/api/v1/app-versions/${id}`)).body.state),
  );
  expect(states.filter((state) => state === 'pending').length, states.join(' ')).toBeGreaterThan(PROJECTS / 2);
});

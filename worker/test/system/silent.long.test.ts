// A coordinator that takes connections and says nothing: as long as the worker waits before it hangs up.
import { join } from 'node:path';
import { temporaryFolder, until } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { CAT } from '../support/modules.js';
import { ScriptedCoordinator } from '../support/scripted-coordinator.js';
import { WorkerProcess } from '../support/worker-process.js';

test('a coordinator that stays silent in the handshake is hung up on, and tried again', async () => {
  const folder = await temporaryFolder();
  const coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: [new Uint8Array(50)] });
  coordinator.script.onHello = () => {};
  const worker = new WorkerProcess({ coordinatorUrl: coordinator.url, dataDirectory: join(folder, 'worker') });
  try {
    await until('a connection', () => coordinator.connectionCount === 1);
    await until('that the worker hangs up', () => worker.status()?.state === 'offline');
    delete coordinator.script.onHello;
    await until('the result', () => coordinator.results.size === 1);
    expect(coordinator.connectionCount).toBeGreaterThan(1);
  } finally {
    await worker.kill();
    await coordinator.stop();
  }
});

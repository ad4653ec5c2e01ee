// A worker on a machine with several addresses: all its connections come from the one that was chosen, or it does not start.
import { join } from 'node:path';
import { atEnd, temporaryFolder } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { CAT } from '../support/modules.js';
import { ScriptedCoordinator } from '../support/scripted-coordinator.js';
import { WorkerProcess } from '../support/worker-process.js';

const LARGE_BYTES = 100_000;

async function started(): Promise<ScriptedCoordinator> {
  const inputs = [10, 20, LARGE_BYTES].map((sizeBytes) => new Uint8Array(sizeBytes).fill(7));
  const coordinator = await ScriptedCoordinator.start({ program: CAT, inputs });
  atEnd(() => coordinator.stop());
  return coordinator;
}

test.skipIf(process.platform !== 'linux')(
  'calls, the socket, blocks and uploads come from the address that was chosen',
  async () => {
    const coordinator = await started();
    const dataDirectory = join(await temporaryFolder(), 'worker');
    const coordinatorUrl = coordinator.url;
    const worker = new WorkerProcess({ coordinatorUrl, dataDirectory, isOnce: true, localAddress: '127.0.0.9' });
    expect(await worker.exit(), worker.stderr).toBe(0);
    expect(coordinator.results.size).toBe(3);
    expect(coordinator.uploads.get(2)?.length).toBeGreaterThan(0);
    expect([...coordinator.callers]).toEqual(['127.0.0.9']);
  },
);

test.each([
  ['198.51.100.77', /^This computer has no address 198\.51\.100\.77 .*It has .*127\.0\.0\.1/],
  ['::1', /::1 is of IPv6, and 127\.0\.0\.1 of IPv4/],
  ['localhost', /^--local-address must be an IP address/],
  ['0.0.0.0', /^--local-address must be an IP address/],
])('%s is refused', async (localAddress, words) => {
  const coordinator = await started();
  const dataDirectory = join(await temporaryFolder(), 'worker');
  const worker = new WorkerProcess({ coordinatorUrl: coordinator.url, dataDirectory, localAddress });
  expect(await worker.exit()).toBe(2);
  expect(worker.end()).toMatchObject({ refused: 'MH-GEN-009', message: expect.stringMatching(words) });
  expect(coordinator.callers.size).toBe(0);
});

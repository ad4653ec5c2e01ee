// The log of a coordinator whose callers do not stay: it says what happened, and is not filled by it.
import { connect } from 'node:net';
import { join } from 'node:path';
import { ManyhandsProcess, temporaryFolder } from '@manyhands/testing';
import { expect, test } from 'vitest';

const CONNECTIONS = 1500;
const AT_ONCE = 50;
const CALLS = 8;

/** Sends calls one behind the other, and is gone before the first is answered. */
function callAndLeave(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => {});
    socket.once('close', () => resolve());
    socket.once('connect', () => {
      const call = 'GET /api/v1/projects HTTP/1.1\r\nhost: localhost\r\n\r\n';
      const post =
        'POST /api/v1/accounts HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{';
      socket.write(call.repeat(CALLS) + post, () => socket.resetAndDestroy());
    });
  });
}

test('1,500 connections that are cut off cost at most 10 KB of log', async () => {
  const folder = await temporaryFolder();
  const coordinator = new ManyhandsProcess([
    'coordinator',
    'start',
    '--data',
    join(folder, 'data'),
    '--port',
    '0',
    '--json',
  ]);
  const { url } = await coordinator.event('listening');
  const port = Number(new URL(String(url)).port);
  const before = coordinator.stderr.length;
  for (let done = 0; done < CONNECTIONS; done += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, () => callAndLeave(port)));
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(await coordinator.stop()).toBe(0);
  expect(coordinator.stderr.length - before).toBeLessThan(10_000);
});

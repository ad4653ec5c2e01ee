// Starting and stopping: what stands in the way is named, what was there comes back, nothing is left behind.

import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { Batch } from '@manyhands/contract';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { writeOldDatabase } from '../support/old-database.js';
import { Client, started, testFolder, until } from '../support/running.js';
import { prepared } from '../support/scene.js';
import { Scientist } from '../support/scientist.js';

test('a port that is in use is refused, and the folder is free again', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const dataDirectory = await testFolder();
  await expect(started({ dataDirectory, port })).rejects.toMatchObject({ code: 'MH-GEN-006' });
  server.close();
  await started({ dataDirectory });
});

test('a folder that another coordinator uses is refused', async () => {
  const dataDirectory = await testFolder();
  await started({ dataDirectory });
  await expect(started({ dataDirectory })).rejects.toMatchObject({ code: 'MH-GEN-008' });
});

test('a folder of a newer version is refused and left as it is', async () => {
  const dataDirectory = await testFolder();
  await (await started({ dataDirectory })).stop();
  const file = join(dataDirectory, 'coordinator.sqlite');
  const database = new Database(file);
  database.pragma('user_version = 999');
  database.close();
  await expect(started({ dataDirectory })).rejects.toMatchObject({ code: 'MH-GEN-007' });
  const again = new Database(file);
  expect(again.pragma('user_version', { simple: true })).toBe(999);
  again.close();
});

test('keys and token are for the owner only, and the identity stays', async () => {
  const dataDirectory = await testFolder();
  const first = await startedWithFile(dataDirectory);
  await first.coordinator.stop();
  for (const name of ['coordinator.key', 'overlay.key', 'operator-token'])
    expect((await stat(join(dataDirectory, name))).mode & 0o777, name).toBe(0o600);
  const second = await startedWithFile(dataDirectory);
  expect(second.coordinator.coordinatorId).toBe(first.coordinator.coordinatorId);
  expect(second.token).toBe(first.token);
  const answer = await fetch(`${second.coordinator.url}/api/v1/operator/projects`, {
    headers: { authorization: `Bearer ${second.token}` },
  });
  expect(answer.status).toBe(200);
});

async function startedWithFile(dataDirectory: string) {
  const coordinator = await started({ dataDirectory }, { hasToken: false });
  const token = (await readFile(join(dataDirectory, 'operator-token'), 'utf8')).trim();
  return { coordinator, token };
}

test('after a stop no call is answered and no child is left; stopping again is no fault', async () => {
  const coordinator = await started();
  const gateway = await fetch(`${coordinator.gatewayUrl}/blocks/none`);
  expect(gateway.status).toBeGreaterThanOrEqual(400);
  await coordinator.stop();
  await coordinator.stop();
  await expect(fetch(`${coordinator.url}/healthz`)).rejects.toThrow();
  await expect(fetch(`${coordinator.gatewayUrl}/blocks/none`)).rejects.toThrow();
});

test('a restart finds projects, apps and batches again; submitting again changes nothing', async () => {
  const { dataDirectory, coordinator: first, scientist: before } = await prepared();
  const submitted = await before.submit();
  expect(submitted.status).toBe(200);
  await first.stop();
  const second = await started({ dataDirectory });
  const after = new Scientist(new Client(second));
  expect((await after.found()).body).toMatchObject({ projectId: before.projectId, state: 'active' });
  expect((await after.publish()).body).toMatchObject({ appVersionId: before.appVersionId, state: 'ready' });
  after.appVersionId = before.appVersionId;
  expect((await after.submit()).body).toEqual(submitted.body);
});

test('a data folder of the engine before opens; what hosts cannot run any more is ended, credit stays', async () => {
  const dataDirectory = await testFolder();
  writeOldDatabase(join(dataDirectory, 'coordinator.sqlite'));
  const client = new Client(await started({ dataDirectory }));
  const ask = () => client.call<Batch>('GET', '/api/v1/batches/batch_a');
  const { body } = await until(ask, (answer) => answer.body.counts?.failed === 2);
  expect(body).toMatchObject({ state: 'cancelled', counts: { accepted: 1, failed: 2 }, creditMilli: 2000 });
});

test('a data folder holds nothing that is not documented', async () => {
  const dataDirectory = await testFolder();
  const coordinator = await started({ dataDirectory }, { hasToken: false });
  await coordinator.stop();
  expect((await readdir(dataDirectory)).sort()).toEqual([
    'blocks',
    'checkpoints',
    'coordinator.key',
    'coordinator.sqlite',
    'lock',
    'operator-token',
    'overlay.key',
    'results',
    'uploads',
  ]);
});

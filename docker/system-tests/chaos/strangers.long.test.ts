// Connections of strangers before any handshake: silent ones, large frames, garbage. They are closed, and hosts are served on.
import { until } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster } from '../support/cluster.js';
import { RawHost } from '../support/raw-host.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ workers: 0 });
});
afterAll(() => cluster.stop());

const stranger = () => RawHost.connect(cluster.url, { handshake: false });
const served = async () => (await RawHost.connect(cluster.url)).close();

test('a frame larger than a greeting is refused without being read', async () => {
  const host = await stranger();
  // Within the bound of frames, but of nobody who has not greeted yet.
  host.sendBytes(new Uint8Array(1024 * 1024 - 16).fill(0x80));
  expect(await host.wait('refuse')).toMatchObject({ code: 'MH-GEN-011' });
  await until('the end of the connection', () => host.closedWith !== undefined);
  await served();
});

test('garbage before the greeting closes the connection in the end', async () => {
  const host = await stranger();
  for (let count = 0; count < 20; count++) host.sendBytes(new Uint8Array(100).fill(0xff));
  await until('the end of the connection', () => host.closedWith !== undefined);
  expect(host.closedWith).toBe(1008);
  await served();
});

test('silent connections are closed, and hosts are served meanwhile', async () => {
  const silent = await Promise.all(Array.from({ length: 60 }, stranger));
  await served();
  await until('the end of all connections', () => silent.every(({ closedWith }) => closedWith !== undefined));
  expect(silent.map(({ received }) => received.map(({ t }) => t))).toEqual(silent.map(() => ['refuse']));
});

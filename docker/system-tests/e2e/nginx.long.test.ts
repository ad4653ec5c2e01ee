// Behind nginx as it comes: bodies of at most 1 MiB. Results and checkpoints of 64 MiB, inputs and large batches go through all the same; callers stay
// apart.
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { connect } from '@manyhands/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster, LONG_LEASES } from '../support/cluster.js';
import { hasNginx, startNginx } from '../support/nginx.js';
import { probeModule } from '../support/programs.js';
import { handOverCheckpoint, uploadResult } from '../support/uploading.js';

const MIB = 2 ** 20;
const WHOLE_MIB = 63; // with the record of a result below the 64 MiB that a unit may write

let cluster: Cluster;
beforeAll(async () => {
  if (hasNginx) cluster = await Cluster.start({ workers: 0, environment: LONG_LEASES });
});
afterAll(() => cluster?.stop());

test.runIf(hasNginx)('a large result goes up in parts, cut off once and resumed', async () => {
  const { app } = await cluster.probe(256 * MIB);
  await uploadResult({ cluster, app, mebibytes: WHOLE_MIB, port: await startNginx(cluster.port) });
});

test.runIf(hasNginx)('a large checkpoint goes up in parts, cut off once and resumed', async () => {
  const { app } = await cluster.probe(256 * MIB);
  await handOverCheckpoint({ cluster, app, mebibytes: WHOLE_MIB, port: await startNginx(cluster.port) });
});

test.runIf(hasNginx)('inputs in whole blocks and a batch whose root is as large as may be go through', async () => {
  const port = await startNginx(cluster.port);
  const coordinator = await connect(`http://127.0.0.1:${port}`, { dataDirectory: cluster.path('scientist') });
  const project = await coordinator.project('narrow', { title: 'Narrow' });
  const app = await project.app({ name: 'probe', wasm: await probeModule(), memoryMaximumBytes: 16 * MIB });
  const env = Object.fromEntries(
    Array.from({ length: 250 }, (_, at) => [`NOISE_${at}`, randomBytes(2000).toString('hex')]),
  );
  const stdin = new Uint8Array(randomBytes(3 * MIB));
  const batch = await app.map([{ name: 'input', args: ['work', '1'], stdin }], { name: 'wide', quorum: 1, env });
  expect((await batch.status()).counts.total).toBe(1);
});

/** The status of a call from an address of this machine. */
function statusFrom(localAddress: string, url: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(url, { localAddress, agent: false, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    call.on('error', reject).end();
  });
}

test.runIf(hasNginx)('callers behind it stay apart, and gain nothing by what they say of themselves', async () => {
  const environment = { MANYHANDS_TRUSTED_PROXIES: '127.0.0.1', MANYHANDS_REQUESTS_PER_SECOND: '1' };
  const own = await Cluster.start({ workers: 0, environment });
  const url = `http://127.0.0.1:${await startNginx(own.port)}/api/v1/coordinator`;
  const names = (at: number) => ({ 'x-forwarded-for': `192.0.${at % 250}.1`, forwarded: `for=192.0.${at % 250}.1` });
  const flood: number[] = [];
  for (let at = 0; at < 400; at++) flood.push(await statusFrom('127.0.0.2', url, names(at)));
  expect(flood.filter((status) => status === 429).length).toBeGreaterThan(300);
  expect(await statusFrom('127.0.3.1', url)).toBe(200);
  await own.stop();
});

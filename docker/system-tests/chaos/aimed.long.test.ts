// Forty hosts of a stranger name the socket of a victim in the swarm of a batch: hardly anybody connects there, and two honest workers exchange blocks all the same.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type Batch, type Cid, seal } from '@manyhands/contract';
import { atEnd, ManyhandsProcess, somePeerId, until } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster } from '../support/cluster.js';
import { REPOSITORY } from '../support/packages/nodes.js';
import { RawHost } from '../support/raw-host.js';

const HOSTS = 40;
const SHARED_BYTES = 16 * 2 ** 20;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ workers: 0 });
});
afterAll(() => cluster.stop());

/** A socket that counts who comes, and says nothing. */
async function startVictim(): Promise<{ port: number; count(): number }> {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.on('error', () => {});
    socket.destroy();
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  atEnd(() => void server.close());
  return { port: (server.address() as AddressInfo).port, count: () => count };
}

/** A host of the stranger's, with a key of the overlay that nobody has, named at eight addresses that all lead to one socket. */
async function aim(swarm: Cid, port: number): Promise<void> {
  const host = await RawHost.connect(cluster.url);
  const peerId = somePeerId();
  const addresses = Array.from({ length: 8 }, (_, number) => `/ip4/127.0.0.${number + 1}/tcp/${port}`);
  const record = { version: 1, sequence: 1, peerId, addresses };
  const envelope = new Uint8Array(seal(record, host.context('overlay-record'), host.keyPair));
  expect(await host.request({ t: 'overlay.announce', envelope, swarms: [swarm] })).toMatchObject({ t: 'ack' });
  atEnd(() => host.close());
}

test('forty hosts that name a victim: at most eight connections arrive, and honest workers exchange blocks', async () => {
  const { folder, url } = cluster;
  writeFileSync(
    join(folder, 'ranges.txt'),
    Array.from({ length: 6 }, (_, n) => `${n * 1000} ${(n + 1) * 1000}\n`).join(''),
  );
  writeFileSync(join(folder, 'shared.bin'), randomBytes(SHARED_BYTES));
  const at = ['--coordinator', url, '--data', join(folder, 'data')];
  const created = new ManyhandsProcess(['project', 'create', 'primes', ...at]);
  expect(await created.exit(), created.story()).toBe(0);
  const map = new ManyhandsProcess([
    ...['map', join(REPOSITORY, 'sdk/examples/primes.wasm'), ...at, '--project', 'primes', '--quorum', '2'],
    ...['--each-line', join(folder, 'ranges.txt'), '--file', `shared.bin=${join(folder, 'shared.bin')}`],
    ...['--out', join(folder, 'out'), '--json'],
  ]);
  const { batch } = (await map.event('submitted')) as { batch: { id: string } };
  const { manifestCid: swarm } = await cluster.getJson<Batch>(`/api/v1/batches/${batch.id}`);
  const victim = await startVictim();
  for (let number = 0; number < HOSTS; number++) await aim(swarm, victim.port);

  const workers = await Promise.all(['ada', 'bert'].map((name) => cluster.startWorker(name)));
  expect(await map.exit(), map.story()).toBe(0);
  const fromPeersBytes = (): number =>
    workers
      .map(({ lines }) => lines.findLast(({ status }) => status)?.status as { transfers: { fromPeersBytes: number } })
      .reduce((sum, { transfers }) => sum + transfers.fromPeersBytes, 0);
  await until(
    () => `exchanged blocks: ${fromPeersBytes()} bytes`,
    () => fromPeersBytes() >= SHARED_BYTES / 4,
  );
  expect(victim.count()).toBeLessThanOrEqual(8);
});

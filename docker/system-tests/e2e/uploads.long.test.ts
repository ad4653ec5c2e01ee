// Uploads over a line that is cut, and past a proxy that lets nothing through for a while.
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atEnd, until } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster, LONG_LEASES } from '../support/cluster.js';
import { handOverCheckpoint, uploadResult } from '../support/uploading.js';

const MIB = 2 ** 20;
/** Enough of them take longer than a coordinator that gave results up would wait. */
const FAILED_UPLOADS = 5;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ workers: 0, environment: LONG_LEASES });
});
afterAll(() => cluster.stop());

test('a result is computed once and goes up once, though the line is cut and both sides are killed on the way', async () => {
  const { app } = await cluster.probe(64 * MIB);
  await uploadResult({ cluster, app, mebibytes: 24 });
});

test('a leaving worker brings its checkpoint over a line that is cut, past a restart of the coordinator; another one goes on from it', async () => {
  const { app } = await cluster.probe(64 * MIB);
  await handOverCheckpoint({ cluster, app, mebibytes: 24 });
});

/** A proxy that refuses bodies above a limit, and counts what it refused. WebSockets go past it as they are. */
async function narrowProxy(target: number): Promise<{ port: number; refusedCount: number; limitBytes: number }> {
  const proxy = { port: 0, refusedCount: 0, limitBytes: 1000 };
  const server = createServer((request, response) => {
    if (Number(request.headers['content-length'] ?? 0) > proxy.limitBytes) {
      proxy.refusedCount += 1;
      request.resume();
      response.writeHead(413, { 'content-type': 'text/html' }).end('<html>413 Request Entity Too Large</html>');
      return;
    }
    const { method = 'GET', url = '/', headers } = request;
    const onward = httpRequest({ port: target, host: '127.0.0.1', method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('upgrade', (request, socket, head) => {
    const { url = '/', headers } = request;
    const onward = httpRequest({ port: target, host: '127.0.0.1', path: url, headers });
    onward.on('error', () => socket.destroy());
    onward.on('upgrade', (answer, other, otherHead) => {
      const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      socket.write(otherHead);
      other.write(head);
      for (const [from, to] of [
        [socket, other],
        [other, socket],
      ] as const)
        from
          .pipe(to)
          .on('error', () => from.destroy())
          .on('close', () => from.destroy());
    });
    onward.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy.port = (server.address() as AddressInfo).port;
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return proxy;
}

test('a result that cannot be uploaded is offered again and again, and never computed again for that', async () => {
  const { app } = await cluster.probe();
  const batch = await app.map([{ name: 'stuck', args: ['bytes', '60000'] }], { name: 'stuck', quorum: 1 });
  const proxy = await narrowProxy(cluster.port);
  const worker = await cluster.startWorker('stuck', ['--no-p2p'], `http://127.0.0.1:${proxy.port}`);
  const attempts = (): number => worker.stderr.split('could not be uploaded').length - 1;
  await until(
    () => `${FAILED_UPLOADS} failed uploads; there are ${attempts()}`,
    () => attempts() >= FAILED_UPLOADS,
  );
  const { replicas, counts } = await batch.status();
  expect(replicas.leased).toBe(1);
  expect(counts.checking).toBe(1);
  expect(worker.stderr).toContain('MH-NET-002');
  proxy.limitBytes = 2 * MIB;
  expect((await batch.wait()).counts.accepted).toBe(1);
  expect((await batch.status()).replicas.leased).toBe(1);
  await worker.stop();
});

// The HTTP gateway over real sockets: what it answers, and how the fallback client reads it.

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorBodySchema } from '@manyhands/contract';
import { Callers, type Rate } from '@manyhands/foundation';
import { temporaryFolder } from '@manyhands/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchFromGateway } from '../../src/fetch/gateway-client.js';
import { openBlockDirectory } from '../../src/index.js';
import { startGateway } from '../../src/seed/gateway-server.js';
import { someBlock } from '../support/blocks.js';

const block = someBlock(1, 100_000);
const never = new AbortController().signal;

async function gateway(rate?: Rate) {
  const blocks = openBlockDirectory({ directory: await temporaryFolder() });
  await blocks.put(block.cid, block.bytes);
  let egress = 0;
  const onEgress = (bytes: number) => {
    egress += bytes;
  };
  const options = { host: '127.0.0.1', port: 0, connectionsMaximum: 100, ...(rate && { rate }) };
  const callers = new Callers({ trustedProxies: ['127.0.0.1'], proxyHeader: 'x-forwarded-for', exemptLoopback: false });
  const { server, port } = await startGateway(options, { blocks, callers, onEgress });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}`, egress: () => egress };
}

async function otherServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the gateway', () => {
  it('serves a block, to be cached for ever, and counts it', async () => {
    const { url, egress } = await gateway();
    const response = await fetch(`${url}/blocks/${block.cid}`);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(block.bytes);
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(egress()).toBe(block.bytes.length);
  });

  it('answers HEAD with the size alone', async () => {
    const { url, egress } = await gateway();
    const response = await fetch(`${url}/blocks/${block.cid}`, { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe(String(block.bytes.length));
    expect(egress()).toBe(0);
  });

  it.each([
    ['an unknown block', 'GET', `/blocks/${someBlock(2).cid}`, 404, 'MH-BLK-003'],
    ['a malformed identifier', 'GET', '/blocks/..%2f..%2fetc', 400, 'MH-BLK-004'],
    ['another path', 'GET', '/', 404, 'MH-GEN-003'],
    ['another method', 'POST', `/blocks/${block.cid}`, 405, 'MH-GEN-002'],
  ])('refuses %s with a documented error', async (_, method, path, status, code) => {
    const { url } = await gateway();
    const response = await fetch(url + path, { method });
    expect(response.status).toBe(status);
    expect(errorBodySchema.parse(await response.json()).code).toBe(code);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('bounds the requests of one address, and only of that one', async () => {
    const { url } = await gateway({ perSecond: 0.001, burst: 3 });
    const statusOf = async (address: string) =>
      (await fetch(`${url}/blocks/x`, { headers: { 'x-forwarded-for': address } })).status;
    const statuses: number[] = [];
    for (let count = 0; count < 4; count++) statuses.push(await statusOf('192.0.2.1'));
    expect(statuses).toEqual([400, 400, 400, 429]);
    expect(await statusOf('192.0.3.1')).toBe(400);
  });
});

describe('the fallback client', () => {
  it('fetches a block', async () => {
    const { url } = await gateway();
    expect(await fetchFromGateway(`${url}/`, block.cid, never)).toEqual({ ok: true, bytes: block.bytes });
  });

  it('tells a missing block from a gateway that fails, lies about sizes, redirects or is away', async () => {
    const { url } = await gateway();
    expect(await fetchFromGateway(url, someBlock(2).cid, never)).toEqual({ ok: false, reason: 'missing' });
    const broken = await otherServer((_, response) => response.writeHead(500).end());
    expect(await fetchFromGateway(broken, block.cid, never)).toEqual({ ok: false, reason: 'failed' });
    const endless = await otherServer((_, response) => response.end(Buffer.alloc(1024 * 1024 + 1)));
    expect(await fetchFromGateway(endless, block.cid, never)).toEqual({ ok: false, reason: 'corrupt' });
    const elsewhere = await otherServer((_, response) => response.writeHead(302, { location: url }).end());
    expect(await fetchFromGateway(elsewhere, block.cid, never)).toEqual({ ok: false, reason: 'failed' });
    expect(await fetchFromGateway('http://127.0.0.1:1', block.cid, never)).toEqual({ ok: false, reason: 'failed' });
  });

  it('ends at once when it is told to', async () => {
    const silent = await otherServer(() => {});
    const controller = new AbortController();
    const answer = fetchFromGateway(silent, block.cid, controller.signal);
    controller.abort();
    expect(await answer).toEqual({ ok: false, reason: 'failed' });
  });
});

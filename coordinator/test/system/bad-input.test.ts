// Every call with every kind of bad input: always an error body with a documented code, never a fault of ours, never a crash.

import { mkdir, writeFile } from 'node:fs/promises';
import { Server } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { errorBodySchema, errorEntry } from '@manyhands/contract';
import { until } from '@manyhands/testing';
import { expect, test, vi } from 'vitest';
import { keyOf } from '../support/records.js';
import { Client, OPERATOR_TOKEN, started, testFolder } from '../support/running.js';

type Document = { paths: Record<string, Record<string, { operationId: string; responses: object }>>; openapi: string };

async function documentOf(url: string): Promise<Document> {
  return (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as Document;
}

const STRANGE = ['', '%00', '..%2f..%2fetc%2fpasswd', 'a'.repeat(300), '-1', '1e9', '%F0%9F%91%90', '%E0%A4%A'];
const JSON_BODIES = [
  '',
  '{',
  '[]',
  'null',
  '"x"',
  '{"genesis":1}',
  '{"__proto__":{"x":1}}',
  `{"cids":["${'x'.repeat(90)}"]}`,
];

test('any call with any rubbish gets a documented error', async () => {
  const coordinator = await started();
  const client = new Client(coordinator);
  const { paths } = await documentOf(coordinator.url);
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ path, method })),
  );
  expect(calls.length).toBeGreaterThan(35);
  for (const { path, method } of calls)
    for (const [index, strange] of STRANGE.entries()) {
      const target = path.replaceAll(/\{\w+\}/g, strange);
      const isRead = method === 'get';
      const headers = { authorization: index % 2 === 0 ? `Bearer ${OPERATOR_TOKEN}` : 'Manyhands rubbish' };
      const raw = isRead ? undefined : JSON_BODIES[index % JSON_BODIES.length];
      const answer = await fetch(coordinator.url + target, {
        method: method.toUpperCase(),
        headers: { ...headers, ...(raw !== undefined && { 'content-type': 'application/json' }) },
        redirect: 'manual',
        ...(raw !== undefined && { body: raw }),
      });
      const text = await answer.text();
      const shown = `${method} ${target} ${raw}: ${answer.status} ${text.slice(0, 200)}`;
      expect(answer.status, shown).not.toBe(500);
      if (answer.status < 400) continue;
      const body = errorBodySchema.safeParse(JSON.parse(text));
      expect(body.success, shown).toBe(true);
      expect(errorEntry(body.data?.code ?? '').doc, shown).not.toContain('unexpected');
    }
  expect((await client.call('GET', '/healthz')).status).toBe(200);
});

test('bodies of the wrong kind or size are refused', async () => {
  const { url } = await started();
  const post = (headers: Record<string, string>, body: string | Uint8Array) =>
    fetch(`${url}/api/v1/projects`, {
      method: 'POST',
      headers,
      body: body as BodyInit,
    }).then(async (answer) => ({ status: answer.status, ...((await answer.json()) as { code: string }) }));
  expect(await post({ 'content-type': 'text/plain' }, 'x')).toMatchObject({ code: 'MH-GEN-002' });
  const raw = { 'content-type': 'application/octet-stream' };
  expect(await post(raw, 'x')).toMatchObject({ status: 401, code: 'MH-SIG-008' });
  expect(await post({ ...raw, authorization: 'Manyhands x' }, 'x')).toMatchObject({ status: 413, code: 'MH-GEN-011' });
  expect(await post({ 'content-type': 'application/json' }, Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({
    code: 'MH-GEN-002',
  });
  const large = `{"genesis":"${'a'.repeat(5 * 1024 * 1024)}","invitation":null}`;
  expect(await post({ 'content-type': 'application/json' }, large)).toMatchObject({ status: 413, code: 'MH-GEN-011' });
});

test('a body that is longer than announced, or endless, does not reach a handler', async () => {
  const coordinator = await started();
  const { port } = new URL(coordinator.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    'POST /api/v1/projects HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
  );
  const part = `${(64 * 1024).toString(16)}\r\n${'a'.repeat(64 * 1024)}\r\n`;
  let answer = '';
  socket.on('data', (bytes) => {
    answer += bytes.toString();
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const timer = setInterval(() => socket.write(part), 1);
  await closed;
  clearInterval(timer);
  expect(answer).toContain('413');
  expect((await fetch(`${coordinator.url}/healthz`)).status).toBe(200);
});

test('too many calls from one address are told to wait, but health is always told', async () => {
  const coordinator = await started({ requestsPerSecond: 1 });
  const refused = await until('a refusal', async () => {
    const calls = Array.from({ length: 260 }, () => fetch(`${coordinator.url}/api/v1/coordinator`));
    return (await Promise.all(calls)).find(({ status }) => status === 429);
  });
  expect(await refused.json()).toMatchObject({ code: 'MH-GEN-012', retryable: true });
  expect(refused.headers.get('retry-after')).not.toBeNull();
  expect((await fetch(`${coordinator.url}/healthz`)).status).toBe(200);
});

test('what is no HTTP, or has endless headers, gets an error body too', async () => {
  const { url } = await started();
  const send = async (text: string): Promise<string> => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      answer += bytes.toString();
    });
    socket.write(text);
    await new Promise((resolve) => socket.once('close', resolve));
    return answer;
  };
  expect(await send('rubbish\r\n\r\n')).toMatch(/^HTTP\/1.1 400 .*"code":"MH-GEN-002"/s);
  expect(await send(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`)).toContain('MH-GEN-011');
});

test('connections are bounded, and slow headers have less time than a body', async () => {
  const made = vi.spyOn(Server.prototype, 'listen');
  await started();
  const server = made.mock.contexts.find((context) => context instanceof Server) as Server;
  made.mockRestore();
  expect(server.maxConnections).toBeGreaterThan(20_000);
  expect(server.headersTimeout).toBeGreaterThan(0);
  expect(server.headersTimeout).toBeLessThan(server.requestTimeout);
});

test('the operator’s calls need the operator’s token', async () => {
  const client = new Client(await started());
  const call = (authorization: string) => client.call('GET', '/api/v1/operator/hosts', { headers: { authorization } });
  for (const wrong of ['', 'Bearer ', 'Bearer wrong', `Basic ${OPERATOR_TOKEN}`, OPERATOR_TOKEN])
    expect(await call(wrong), wrong).toMatchObject({ status: 401, body: { code: 'MH-SIG-008' } });
  expect((await call(`Bearer ${OPERATOR_TOKEN}`)).status).toBe(200);
  expect((await client.call('GET', '/api/v1/operator/hosts', { signer: keyOf('any') })).status).toBe(401);
});

test('the OpenAPI document is whole: every reference resolves, every operation has a name of its own', async () => {
  const coordinator = await started();
  const document = await documentOf(coordinator.url);
  expect(document.openapi).toMatch(/^3\./);
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
  for (const reference of references) {
    const found = reference
      .split('/')
      .reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], document);
    expect(found, reference).toBeDefined();
  }
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const path of ['/api/v1/coordinator', '/api/v1/batches/{batchId}/outcomes'])
    expect(JSON.stringify(document.paths[path]?.get?.responses), path).toContain('properties');
  expect(JSON.stringify(document.paths['/api/v1/projects'])).toContain('genesis');
});

test('pages: assets for ever, all else asked for again, and headers that keep them safe', async () => {
  const webRoot = await testFolder();
  await mkdir(join(webRoot, 'assets'));
  await writeFile(
    join(webRoot, 'index.html'),
    '<!doctype html><!--head--><!--/head--><div id="root"><!--body--></div>',
  );
  await writeFile(join(webRoot, 'assets', 'entry-1.js'), 'export {};');
  await writeFile(join(webRoot, 'robots.txt'), '');
  const { url } = await started({ webRoot });
  for (const path of ['/', '/leaderboard', '/robots.txt', '/network/deep', '/assets/entry-1.js']) {
    const { headers } = await fetch(url + path);
    expect(headers.get('cache-control'), path).toMatch(path.startsWith('/assets') ? /immutable/ : /^no-cache$/);
    expect(headers.get('content-security-policy'), path).toContain("script-src 'self'");
    expect(headers.get('x-content-type-options'), path).toBe('nosniff');
  }
});

test('a folder that holds other pages is refused at the start', async () => {
  const webRoot = await testFolder();
  await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>Manyhands</title>');
  await expect(started({ webRoot })).rejects.toMatchObject({ code: 'MH-GEN-009' });
});

// The REST client against real HTTP servers: dropped connections, answers that ask to wait, time limits, bounds, foreign servers.
import { checkRequestToken, coordinatorIdOf, keyPairOfSeed, ManyhandsError } from '@manyhands/contract';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { RestClient } from '../../src/rest/client.js';
import { type Exchange, sendJson, serve, type TestServer } from '../support/http-server.js';

const servers: TestServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function start(handler: (exchange: Exchange) => void): Promise<TestServer> {
  const server = await serve(handler);
  servers.push(server);
  return server;
}

const client = (url: URL, patienceMs = 10_000): RestClient => new RestClient({ url, patienceMs });
const answerSchema = z.object({ answer: z.number() });
const call = { method: 'GET', path: '/api/v1/thing?x=1' } as const;
const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  return error instanceof ManyhandsError ? error.code : String(error);
};

test('a call goes on after dropped connections', async () => {
  const server = await start(({ request, response, number }) => {
    if (number < 2) request.socket.destroy();
    else sendJson(response, { answer: 42 });
  });
  const troubles: string[] = [];
  const rest = new RestClient({
    url: server.url,
    patienceMs: 10_000,
    onTrouble: ({ error }) => troubles.push(error.code),
  });
  expect(await rest.json(call, answerSchema)).toEqual({ answer: 42 });
  expect(server.count()).toBe(3);
  expect(troubles).toEqual(['MH-GEN-005', 'MH-GEN-005']);
});

test('an answer that breaks off in the middle is asked for again', async () => {
  const server = await start(({ response, number }) => {
    if (number > 0) return sendJson(response, { answer: 1 });
    response.writeHead(200, { 'content-length': '1000' }).write('{"answer"', () => response.destroy());
  });
  expect(await client(server.url).json(call, answerSchema)).toEqual({ answer: 1 });
});

const HOUR_MS = 3_600_000;
const signer = {
  keyPair: keyPairOfSeed(new Uint8Array(32).fill(7)),
  coordinatorId: coordinatorIdOf(new Uint8Array(32)),
};

/** A coordinator by whose clock this computer's is wrong. */
function startElsewhen(hours: number): Promise<TestServer> {
  return start(({ request, response, body }) => {
    const nowMs = Date.now() + hours * HOUR_MS;
    response.setHeader('date', new Date(nowMs).toUTCString());
    const received = { method: request.method ?? '', path: request.url ?? '', body };
    const { coordinatorId } = signer;
    const token = checkRequestToken(request.headers.authorization, received, { coordinatorId, nowMs });
    if (token.ok) sendJson(response, { answer: 3 });
    else sendJson(response, new ManyhandsError(token.code).toObject(), 401);
  });
}

test.for([1, -1, 1000, -1000])('a clock that is wrong by %i hours costs one call, once', async (hours) => {
  const server = await startElsewhen(hours);
  const rest = client(server.url);
  expect(await rest.json({ ...call, signer }, answerSchema)).toEqual({ answer: 3 });
  expect(await rest.withPatience(1).json({ ...call, signer }, answerSchema)).toEqual({ answer: 3 });
  expect(server.count()).toBe(3);
});

test('a coordinator that finds every call too old is asked twice, and no more', async () => {
  const server = await start(({ response }) => sendJson(response, new ManyhandsError('MH-SIG-005').toObject(), 401));
  expect(await codeOf(client(server.url).json({ ...call, signer }, answerSchema))).toBe('MH-SIG-005');
  expect(server.count()).toBe(2);
});

test('every attempt carries a valid token of its own', async () => {
  const keyPair = keyPairOfSeed(new Uint8Array(32).fill(7));
  const coordinatorId = coordinatorIdOf(new Uint8Array(32));
  const nonces: string[] = [];
  const server = await start(({ request, response, body, number }) => {
    const received = { method: request.method ?? '', path: request.url ?? '', body };
    const token = checkRequestToken(request.headers.authorization, received, { coordinatorId, nowMs: Date.now() });
    nonces.push(token.ok ? token.nonce : token.reason);
    if (number === 0) sendJson(response, new ManyhandsError('MH-WIR-004').toObject(), 503);
    else sendJson(response, { answer: 2 });
  });
  const signed = {
    method: 'POST',
    path: '/api/v1/thing?x=1',
    json: { a: 1 },
    signer: { keyPair, coordinatorId },
  } as const;
  await client(server.url).json(signed, answerSchema);
  expect(nonces).toHaveLength(2);
  expect(new Set(nonces).size).toBe(2);
  for (const nonce of nonces) expect(nonce, 'a nonce, not a refusal').toMatch(/^[\w-]{22}$/);
});

test('what only a person can change is not retried', async () => {
  const server = await start(({ response }) => sendJson(response, new ManyhandsError('MH-PRJ-003').toObject(), 403));
  expect(await codeOf(client(server.url).json(call, answerSchema))).toBe('MH-PRJ-003');
  expect(server.count()).toBe(1);
});

test('patience ends', async () => {
  const server = await start(({ response }) => sendJson(response, new ManyhandsError('MH-WIR-004').toObject(), 503));
  expect(await codeOf(client(server.url, 500).json(call, answerSchema))).toBe('MH-WIR-004');
  expect(server.count()).toBeGreaterThan(1);
});

test('a wait that the coordinator asks for is kept', async () => {
  const waits: number[] = [];
  const server = await start(({ response, number }) => {
    if (number === 0)
      sendJson(response.setHeader('retry-after', '1'), new ManyhandsError('MH-GEN-012').toObject(), 429);
    else sendJson(response, { answer: 3 });
  });
  const rest = new RestClient({ url: server.url, patienceMs: 10_000, onTrouble: ({ waitMs }) => waits.push(waitMs) });
  await rest.json(call, answerSchema);
  expect(waits).toEqual([1000]);
});

test('a server that does not answer runs into the time limit', async () => {
  const server = await start(() => undefined);
  expect(await codeOf(client(server.url, 0).json({ ...call, timeoutMs: 100 }, answerSchema))).toBe('MH-GEN-004');
});

test('an answer over its bound is refused', async () => {
  const server = await start(({ response }) => response.end(Buffer.alloc(2000)));
  expect(await codeOf(client(server.url, 0).bytes(call, 1000))).toBe('MH-GEN-011');
});

test('a server of another kind is told apart, and not asked twice', async () => {
  const page = await start(({ response }) => response.end('<html>hello</html>'));
  expect(await codeOf(client(page.url).json(call, answerSchema))).toBe('MH-NET-001');
  const other = await start(({ response }) => response.writeHead(404).end('not here'));
  expect(await codeOf(client(other.url).json(call, answerSchema))).toBe('MH-NET-001');
  const narrow = await start(({ response }) => response.writeHead(413).end('too large'));
  const error = await client(narrow.url)
    .bytes(call, 1000)
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'MH-NET-002', message: expect.stringContaining('HTTP 413') });
  expect([page.count(), other.count(), narrow.count()]).toEqual([1, 1, 1]);
});

test('a web page is no answer, whatever was asked for; a proxy without its coordinator and a captive portal are waited for', async () => {
  const page = await start(({ response }) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));
  expect(await codeOf(client(page.url).bytes(call, 1000))).toBe('MH-NET-001');
  const codes: string[] = [];
  const server = await start(({ response, number }) => {
    if (number === 0) response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>');
    else if (number === 1) response.writeHead(302, { location: 'http://login.example/' }).end();
    else sendJson(response, { answer: 4 });
  });
  const rest = new RestClient({
    url: server.url,
    patienceMs: 10_000,
    onTrouble: ({ error }) => codes.push(error.code),
  });
  expect(await rest.json(call, answerSchema)).toEqual({ answer: 4 });
  expect(codes).toEqual(['MH-NET-005', 'MH-NET-003']);
});

test('aborting ends a call at once with the reason', async () => {
  const server = await start(({ request }) => request.socket.destroy());
  const stop = new AbortController();
  const rest = new RestClient({
    url: server.url,
    patienceMs: 60_000,
    onTrouble: () => stop.abort(new Error('enough')),
  });
  await expect(rest.json({ ...call, signal: stop.signal }, answerSchema)).rejects.toThrow('enough');
});

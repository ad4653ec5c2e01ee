// Uploads of a worker against real HTTP servers: in parts where the coordinator takes them, resumed, smaller where a proxy or a line asks for it; and what is said of answers that are not the coordinator's.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { checkRequestToken, ManyhandsError, PART_MAXIMUM_BYTES, UPLOADS_IN_PARTS } from '@manyhands/contract';
import { atEnd, temporaryFolderSync } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { ControlClient } from '../../src/control/control-client.js';
import { CoordinatorApi, fetchCoordinatorInfo } from '../../src/control/coordinator-api.js';
import { coordinatorId, hostKey, leaseOf } from '../support/identities.js';

const BYTES = new Uint8Array(3 * PART_MAXIMUM_BYTES + 4321).map((_, at) => (at * 7) % 253);
const SHA256 = createHash('sha256').update(BYTES).digest();
const UNIT = { leaseId: leaseOf(1, [[0, 1]]).leaseId, index: 0 };
const never = new AbortController().signal;

type Exchange = { request: IncomingMessage; response: ServerResponse; body: Uint8Array };

/** A server that lives as long as the test; `handler` sees each call with its body. */
async function serve(handler: (exchange: Exchange) => void): Promise<string> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => handler({ request, response, body: new Uint8Array(Buffer.concat(parts)) }));
  });
  return listening(server);
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** A coordinator that takes parts, as far as this test goes. `onPart` may answer in its place. */
class Parts {
  received: Uint8Array = new Uint8Array();
  readonly sizes: number[] = [];
  onPart: (exchange: Exchange) => boolean = () => false;

  handle(exchange: Exchange): void {
    const { request, response, body } = exchange;
    const call = { method: request.method ?? '', path: request.url ?? '', body };
    const token = checkRequestToken(request.headers.authorization, call, { coordinatorId, nowMs: Date.now() });
    const query = new URL(call.path, 'http://x').searchParams;
    const isWhole = query.get('sha256') === SHA256.toString('hex') && query.get('sizeBytes') === String(BYTES.length);
    if (!token.ok || !isWhole || !call.path.startsWith(`/api/v1/leases/${UNIT.leaseId}/units/0/result/parts?`)) {
      json(response, 401, new ManyhandsError('MH-SIG-001').toObject());
      return;
    }
    if (call.method === 'PATCH' && this.onPart(exchange)) return;
    const offset = this.received.length;
    if (call.method === 'PATCH' && Number(query.get('offset')) !== offset) {
      json(response, 409, new ManyhandsError('MH-UPL-001', { meta: { offset } }).toObject());
      return;
    }
    if (call.method === 'PATCH') this.sizes.push(body.length);
    this.received = new Uint8Array([...this.received, ...body]);
    const { length } = this.received;
    json(response, 200, { offset: length, isComplete: call.method === 'PATCH' && length === BYTES.length });
  }
}

async function partsServer(): Promise<{ parts: Parts; api: CoordinatorApi; upload(): Promise<string> }> {
  const parts = new Parts();
  const api = apiOf(await serve((exchange) => parts.handle(exchange)));
  api.setFeatures([UPLOADS_IN_PARTS]);
  return { parts, api, upload: () => uploadBy(api) };
}

function apiOf(coordinatorUrl: string): CoordinatorApi {
  return new CoordinatorApi({ coordinatorUrl, coordinatorId }, { keyPair: hostKey });
}

/** What becomes of an upload: `done`, or the code. */
function uploadBy(api: CoordinatorApi, onProgress: (offset: number) => void = () => {}): Promise<string> {
  const path = join(temporaryFolderSync(), 'bundle');
  writeFileSync(path, BYTES);
  const file = { path, sha256: new Uint8Array(SHA256), sizeBytes: BYTES.length };
  return api.upload(UNIT, { kind: 'result', file }, { signal: never, onProgress }).then(
    () => 'done',
    (error: unknown) => ManyhandsError.from(error).code,
  );
}

test('a file goes up in parts, each signed with its place, and progress is told', async () => {
  const { parts, api } = await partsServer();
  const offsets: number[] = [];
  expect(await uploadBy(api, (offset) => offsets.push(offset))).toBe('done');
  expect(parts.received).toEqual(BYTES);
  expect(parts.sizes).toEqual([PART_MAXIMUM_BYTES, PART_MAXIMUM_BYTES, PART_MAXIMUM_BYTES, 4321]);
  expect(offsets).toEqual([1, 2, 3, 0].map((count) => (count > 0 ? count * PART_MAXIMUM_BYTES : BYTES.length)));
});

test('what was cut off goes on where it stopped, even when the answer was what got lost', async () => {
  const { parts, upload } = await partsServer();
  let calls = 0;
  parts.onPart = ({ request }) => {
    calls += 1;
    if (calls === 2) request.socket.destroy();
    return calls === 2;
  };
  expect(await upload()).toBe('MH-GEN-005');
  expect(parts.received).toHaveLength(PART_MAXIMUM_BYTES);
  parts.onPart = () => false;
  expect(await upload()).toBe('done');
  expect(parts.received).toEqual(BYTES);
  expect(parts.sizes).toHaveLength(4);
});

test('a coordinator that wants another place is followed; one that leads nowhere is left alone for now', async () => {
  const { parts, upload } = await partsServer();
  let isForgetful = true;
  parts.onPart = ({ response }) => {
    if (!isForgetful || parts.received.length === 0) return false;
    isForgetful = false;
    parts.received = new Uint8Array();
    json(response, 409, new ManyhandsError('MH-UPL-001', { meta: { offset: 0 } }).toObject());
    return true;
  };
  expect(await upload()).toBe('done');
  expect(parts.received).toEqual(BYTES);
  parts.received = new Uint8Array();
  parts.onPart = ({ response }) => {
    json(response, 409, new ManyhandsError('MH-UPL-001', { meta: { offset: 0 } }).toObject());
    return true;
  };
  expect(await upload()).toBe('MH-UPL-001');
});

test('behind a proxy that lets only small calls through, parts become smaller', async () => {
  const { parts, upload } = await partsServer();
  parts.onPart = ({ response, body }) => {
    if (body.length <= 100_000) return false;
    response.writeHead(413, { 'content-type': 'text/html' }).end('<html>413 Request Entity Too Large</html>');
    return true;
  };
  expect(await upload()).toBe('done');
  expect(parts.received).toEqual(BYTES);
  expect(Math.max(...parts.sizes)).toBe(PART_MAXIMUM_BYTES / 8);
  parts.received = new Uint8Array();
  parts.onPart = ({ response }) => {
    response.writeHead(413, { 'content-type': 'text/html' }).end('<html>413 Request Entity Too Large</html>');
    return true;
  };
  expect(await upload(), 'a proxy that lets nothing through').toBe('MH-NET-002');
});

test('a coordinator that says nothing of parts gets the whole in one call', async () => {
  const calls: string[] = [];
  let received: Uint8Array = new Uint8Array();
  const url = await serve(({ request, response, body }) => {
    calls.push(`${request.method} ${request.url}`);
    received = body;
    response.writeHead(204).end();
  });
  expect(await uploadBy(apiOf(url))).toBe('done');
  expect(calls).toEqual([`PUT /api/v1/leases/${UNIT.leaseId}/units/0/result`]);
  expect(received).toEqual(BYTES);
});

test.for<[string, string, (response: ServerResponse) => void, RegExp]>([
  [
    '413 of a proxy',
    'MH-NET-002',
    (response) => response.writeHead(413, { 'content-type': 'text/html' }).end('<html>'),
    /HTTP 413/,
  ],
  [
    'a web page',
    'MH-NET-001',
    (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    /web page .*HTTP 200/,
  ],
  [
    'a captive portal',
    'MH-NET-003',
    (response) => response.writeHead(302, { location: 'http://login.example/' }).end(),
    /HTTP 302.*log in/,
  ],
  ['a network that asks for a login', 'MH-NET-003', (response) => response.writeHead(511).end('log in'), /HTTP 511/],
  [
    'a proxy without a coordinator',
    'MH-NET-005',
    (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>'),
    /HTTP 502/,
  ],
  [
    'another server',
    'MH-NET-001',
    (response) => response.writeHead(404, { 'content-type': 'text/plain' }).end('none'),
    /HTTP 404/,
  ],
  [
    'text that is no JSON',
    'MH-NET-001',
    (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('hello'),
    /HTTP 200/,
  ],
])('%s is said as such, with its status', async ([, code, answer, words]) => {
  const url = await serve(({ response }) => answer(response));
  const trouble = await fetchCoordinatorInfo(url).catch((error: unknown) => error);
  expect(trouble).toMatchObject({ code, message: expect.stringMatching(words) });
  const api = apiOf(url);
  api.setFeatures([UPLOADS_IN_PARTS]);
  expect(await uploadBy(api)).toBe(code);
});

test('the coordinator’s own refusals keep their codes', async () => {
  const url = await serve(({ response }) => json(response, 409, new ManyhandsError('MH-RCP-002').toObject()));
  expect(await uploadBy(apiOf(url))).toBe('MH-RCP-002');
});

test.for<[string, string, (response: ServerResponse) => void, RegExp]>([
  [
    'leaves the upgrade out',
    'MH-NET-004',
    (response) => response.writeHead(404).end(),
    /does not pass WebSockets on \(HTTP 404/,
  ],
  [
    'sends callers elsewhere',
    'MH-NET-003',
    (response) => response.writeHead(302, { location: 'http://x/' }).end(),
    /HTTP 302/,
  ],
  ['has no coordinator', 'MH-NET-005', (response) => response.writeHead(503).end(), /HTTP 503/],
])('a WebSocket behind a proxy that %s ends with that cause', async ([, code, answer, words]) => {
  const server = createServer((_, response) => answer(response));
  // As a proxy that does not know upgrades: it treats the call like any other.
  server.on('upgrade', (request, socket) => {
    const response = new ServerResponse(request);
    response.assignSocket(socket as Socket);
    answer(response);
  });
  const url = await listening(server);
  const trouble = await new Promise((resolve) => {
    const onClosed = (_: number, why: unknown): void => resolve(why);
    new ControlClient({ coordinatorUrl: url }, { onOpened: () => {}, onMessage: () => {}, onClosed }).dial(1);
  });
  expect(trouble).toEqual({ code, message: expect.stringMatching(words) });
});

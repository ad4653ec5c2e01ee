// Every way in which a connection to the coordinator fails or ends, as a code and a sentence: from the errors of the system, and from real sockets.
import { createServer as createHttp } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { atEnd, until } from '@manyhands/testing';
import type { Trouble } from '@manyhands/worker-core';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { closedSocket, failedSocket } from '../../src/control/causes.js';
import { ControlClient } from '../../src/control/control-client.js';

const failed = (code: string, syscall = 'connect') => Object.assign(new Error(code), { code, syscall });

test.for<[Error, string, string]>([
  [failed('ENOTFOUND', 'getaddrinfo'), 'MH-GEN-005', "Can't reach the coordinator at x:1: no computer has that name."],
  [
    failed('EAI_AGAIN', 'getaddrinfo'),
    'MH-GEN-005',
    "Can't reach the coordinator at x:1: the name could not be looked up just now.",
  ],
  [failed('ECONNREFUSED'), 'MH-GEN-005', "Can't reach the coordinator at x:1: nothing listens there."],
  [failed('ETIMEDOUT'), 'MH-GEN-005', "Can't reach the coordinator at x:1: no answer came in time."],
  [failed('EHOSTUNREACH'), 'MH-GEN-005', "Can't reach the coordinator at x:1: there is no way to that computer."],
  [failed('ENETUNREACH'), 'MH-GEN-005', "Can't reach the coordinator at x:1: there is no network."],
  [failed('EACCES'), 'MH-GEN-005', "Can't reach the coordinator at x:1: this computer does not allow the connection."],
  [failed('ECONNRESET', 'read'), 'MH-GEN-005', "Can't reach the coordinator at x:1: the connection was cut."],
  [
    new AggregateError([failed('ECONNREFUSED'), failed('ECONNREFUSED')]),
    'MH-GEN-005',
    "Can't reach the coordinator at x:1: nothing listens there.",
  ],
  [
    new Error('Opening handshake has timed out'),
    'MH-GEN-004',
    "Can't reach the coordinator at x:1: no answer came in time.",
  ],
  [failed('CERT_HAS_EXPIRED'), 'MH-GEN-005', 'Something answers at x:1, but its certificate has expired.'],
  [
    failed('DEPTH_ZERO_SELF_SIGNED_CERT'),
    'MH-GEN-005',
    'Something answers at x:1, but its certificate is signed by itself alone.',
  ],
  [
    failed('ERR_TLS_CERT_ALTNAME_INVALID'),
    'MH-GEN-005',
    'Something answers at x:1, but its certificate is for another name.',
  ],
  [
    failed('EPROTO', 'write'),
    'MH-GEN-005',
    'Something answers at x:1, but it does not speak TLS: the address may have to begin with http://.',
  ],
  [
    failed('HPE_INVALID_CONSTANT'),
    'MH-GEN-005',
    'Something answers at x:1, but what answers there is no web server: the address may have to begin with https://.',
  ],
  [
    new Error('Invalid Sec-WebSocket-Accept header'),
    'MH-WIR-001',
    'What answers at x:1 does not speak WebSocket as a coordinator does.',
  ],
])('%s', ([error, code, message]) => {
  expect(failedSocket('x:1', error)).toEqual({ code, message });
});

test.for<[number, string, string, RegExp]>([
  [1001, 'the coordinator stops', 'MH-WIR-007', /stopped, or is being restarted/],
  [1012, '', 'MH-WIR-007', /restarted/],
  [1006, '', 'MH-GEN-005', /^The connection to the coordinator was cut\.$/],
  [1013, '', 'MH-WIR-004', /no more connections/],
  [1013, 'MH-GEN-012', 'MH-GEN-012', /Too many requests/],
  [1008, 'MH-WIR-001', 'MH-WIR-001', /not a message of the protocol/],
  [1008, 'MH-HST-001', 'MH-HST-001', /banned/],
  [1009, '', 'MH-GEN-011', /larger/],
  [1000, 'bye <script>', 'MH-WIR-007', /^The coordinator ended the connection \(WebSocket code 1000\)\.$/],
  [4000, '', 'MH-WIR-007', /4000/],
])('closed with %i %j', ([number, reason, code, sentence]) => {
  const trouble = closedSocket(number, reason);
  expect(trouble.code).toBe(code);
  expect(trouble.message).toMatch(sentence);
  expect(trouble.message).not.toContain("Can't reach");
});

/** Dials once and gives what it is told at the end. */
async function dialled(port: number): Promise<Trouble> {
  let trouble: Trouble | undefined;
  const client = new ControlClient(
    { coordinatorUrl: `http://127.0.0.1:${port}` },
    {
      onOpened: () => {},
      onMessage: () => {},
      onClosed: (_connection, given) => {
        trouble = given;
      },
    },
  );
  client.dial(1);
  return until('the end of the connection', () => trouble);
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

test('real sockets: nobody there', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  expect(await dialled(port)).toEqual({
    code: 'MH-GEN-005',
    message: `Can't reach the coordinator at 127.0.0.1:${port}: nothing listens there.`,
  });
});

test('real sockets: something that is no web server', async () => {
  const port = await listening(
    createServer(
      (socket) =>
        void socket
          .on('error', () => {})
          .resume()
          .end('SSH-2.0-none\r\n'),
    ),
  );
  expect((await dialled(port)).message).toMatch(/^Something answers at 127\.0\.0\.1:\d+, but .*no web server/);
});

test('real sockets: HTTP instead of a WebSocket keeps its status', async () => {
  const answers = [
    [200, 'text/html', 'MH-NET-001', /web page.*HTTP 200/],
    [302, null, 'MH-NET-003', /another address.*HTTP 302/],
    [404, 'application/json', 'MH-NET-004', /WebSockets.*HTTP 404/],
    [426, 'text/html', 'MH-NET-004', /WebSockets.*HTTP 426/],
    [502, 'text/html', 'MH-NET-005', /HTTP 502/],
    [511, 'text/html', 'MH-NET-003', /HTTP 511/],
  ] as const;
  for (const [status, type, code, sentence] of answers) {
    const server = createHttp((_request, response) =>
      response.writeHead(status, { ...(type && { 'content-type': type }), connection: 'close' }).end('<p>Hello</p>'),
    );
    const trouble = await dialled(await listening(server));
    expect(trouble.code, String(status)).toBe(code);
    expect(trouble.message).toMatch(sentence);
    expect(trouble.message).not.toContain("Can't reach");
  }
});

test('real sockets: closed with a reason, stopped, and cut', async () => {
  const http = createHttp();
  const sockets = new WebSocketServer({ server: http, path: '/api/v1/worker' });
  const port = await listening(http);
  for (const [close, code] of [
    [(socket: { close(code: number, reason?: string): void }) => socket.close(1008, 'MH-WIR-001'), 'MH-WIR-001'],
    [(socket: { close(code: number): void }) => socket.close(1001), 'MH-WIR-007'],
    [(socket: { terminate(): void }) => socket.terminate(), 'MH-GEN-005'],
  ] as const) {
    sockets.once('connection', (socket) => close(socket));
    expect((await dialled(port)).code).toBe(code);
  }
  sockets.close();
});

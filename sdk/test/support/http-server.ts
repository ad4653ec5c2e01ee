// A small HTTP server on a free port of the loopback, for tests of what goes over the wire.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Exchange = { request: IncomingMessage; response: ServerResponse; body: Buffer; number: number };
export type TestServer = { url: URL; count(): number; close(): void };

/** Starts a server; the handler gets each request with its whole body. */
export async function serve(handler: (exchange: Exchange) => void): Promise<TestServer> {
  let count = 0;
  const server = createServer((request, response) => {
    const number = count++;
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => handler({ request, response, body: Buffer.concat(parts), number }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    count: () => count,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

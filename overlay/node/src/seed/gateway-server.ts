// The HTTP block gateway: `GET` and `HEAD /blocks/<cid>` over a directory of blocks. Blocks never change, so any cache may keep them for ever.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { cidSchema, type ErrorCode, ManyhandsError } from '@manyhands/contract';
import { type Callers, LISTEN_BACKLOG, later, NetworkBudget, type Rate, ServerPlaces } from '@manyhands/foundation';
import type { BlockDirectory } from '../store/block-store.js';

/** Requests of one address in a second, and at once: generous, because a whole campus may share one. */
const PER_SECOND = 500;
const BURST = 2000;
const HEADERS_TIMEOUT_MS = 10_000;
/** A connection on which no request follows is closed. */
const KEEP_ALIVE_MS = 15_000;
/** So often the times above are looked at. */
const DEADLINES_INTERVAL_MS = 2000;
/** A client that takes no byte for so long is cut off. */
const IDLE_SOCKET_MS = 60_000;
const PIECE_BYTES = 64 * 1024;
const HEADER_MAXIMUM_BYTES = 8 * 1024;

export type GatewayDependencies = {
  callers: Callers;
  blocks: Pick<BlockDirectory, 'get' | 'sizeOf'>;
  /** Called with the size of each block that was sent. */
  onEgress(sizeBytes: number): void;
};

/** Starts the gateway; port 0 takes any free one. `rate`: of one address. Rejects with the system's error when it cannot listen. */
export async function startGateway(
  options: { host: string; port: number; connectionsMaximum: number; rate?: Rate },
  dependencies: GatewayDependencies,
): Promise<{ port: number; server: Server }> {
  const { callers } = dependencies;
  const budget = new NetworkBudget(options.rate ?? { perSecond: PER_SECOND, burst: BURST });
  const limits = { maxHeaderSize: HEADER_MAXIMUM_BYTES, connectionsCheckingInterval: DEADLINES_INTERVAL_MS };
  const server = createServer(limits);
  const places = new ServerPlaces(server, { maximum: options.connectionsMaximum }, callers);
  server.on('request', (request, response) => {
    answer(request, response, { ...dependencies, budget, places }).catch(() => response.destroy());
  });
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = HEADERS_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.timeout = IDLE_SOCKET_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: options.port, host: options.host, backlog: LISTEN_BACKLOG }, () => resolve());
  });
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : options.port, server };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { blocks, onEgress, callers, budget, places }: GatewayDependencies & { budget: NetworkBudget; places: ServerPlaces },
): Promise<void> {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('x-content-type-options', 'nosniff');
  const caller = callers.of(request);
  const waitMs = callers.isExempt(caller) ? 0 : budget.take(caller, performance.now());
  if (waitMs > 0) {
    response.setHeader('retry-after', Math.ceil(later(waitMs, Math.random()) / 1000));
    return refuse(response, 'MH-GEN-012');
  }
  if (request.method === 'OPTIONS') return preflight(response);
  const path = /^\/blocks\/([^/?]+)$/.exec(request.url ?? '')?.[1];
  if (path === undefined) return refuse(response, 'MH-GEN-003');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return refuse(response, 'MH-GEN-002', 405);
  }
  const cid = cidSchema.safeParse(path);
  if (!cid.success) return refuse(response, 'MH-BLK-004');
  const sizeBytes = blocks.sizeOf(cid.data);
  const bytes = sizeBytes !== undefined && request.method === 'GET' ? await blocks.get(cid.data) : undefined;
  if (sizeBytes === undefined || (request.method === 'GET' && bytes === undefined))
    return refuse(response, 'MH-BLK-003');
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': sizeBytes,
    'cache-control': 'public, max-age=31536000, immutable',
    etag: `"${cid.data}"`,
  });
  if (bytes === undefined) response.end();
  else if (await sendInPieces(response, bytes, () => places.touch(request.socket))) onEgress(bytes.length);
}

/**
 * Sends a body piece by piece, each when the connection can take it, and tells whether all of it went. Large writes would keep the processor
 * inside the kernel for milliseconds, which a coordinator on the same machine would feel.
 */
async function sendInPieces(response: ServerResponse, bytes: Uint8Array, onAlive: () => void): Promise<boolean> {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  try {
    for (let offset = 0; offset < bytes.length; offset += PIECE_BYTES) {
      const isReady = response.write(bytes.subarray(offset, offset + PIECE_BYTES));
      if (!isReady) await once(response, 'drain', { signal: closed.signal });
      onAlive();
    }
    response.end();
    await finished(response);
    return true;
  } catch {
    return false; // the client is gone
  }
}

function preflight(response: ServerResponse): void {
  response.writeHead(204, { 'access-control-allow-methods': 'GET, HEAD', 'access-control-max-age': '86400' }).end();
}

function refuse(response: ServerResponse, code: ErrorCode, status?: number): void {
  const error = new ManyhandsError(code);
  const body = JSON.stringify(error.toObject());
  response.writeHead(status ?? error.httpStatus, {
    'content-type': 'application/json',
    'cache-control': 'no-store', // a block that is not here now may come later
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

// Lets the owner of the machine ask and command the running worker. Only the owner can reach the socket or read the token.
import { timingSafeEqual } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { type ErrorBody, ManyhandsError } from '@manyhands/contract';
import { loopback } from '@manyhands/overlay-node';
import { type ControlPaths, hasSocketFile, writePortFile } from './address.js';
import { type ControlCommand, controlRequestSchema, LineReader } from './messages.js';

const CONNECTIONS_MAXIMUM = 16;
const TIMEOUT_MS = 10_000;

export type ControlServer = { stop(): Promise<void> };

/** Starts listening. `handle` carries out a command and gives the status after it. */
export async function startControlServer(
  paths: ControlPaths,
  handle: (command: ControlCommand) => unknown,
): Promise<ControlServer> {
  let token: string | null = null;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, (line) => answer(line, token, handle));
  });
  server.maxConnections = CONNECTIONS_MAXIMUM;
  rmSync(paths.socket, { force: true }); // left by a worker that was killed; the folder's lock says that none runs
  rmSync(paths.portFile, { force: true });
  if (hasSocketFile(paths)) {
    await listen(server, { path: paths.socket });
    chmodSync(paths.socket, 0o600);
  } else {
    const host = loopback();
    await listen(server, { host, port: 0 });
    const address = server.address();
    token = writePortFile(paths, { host, port: typeof address === 'object' && address ? address.port : 0 });
  }
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
        rmSync(paths.socket, { force: true });
        rmSync(paths.portFile, { force: true });
      }),
  };
}

function listen(server: Server, place: { path: string } | { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(place, () => resolve());
  });
}

function serve(socket: Socket, answerLine: (line: string) => string): void {
  const reader = new LineReader();
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    try {
      const line = reader.push(chunk);
      if (line !== undefined) socket.end(`${answerLine(line)}\n`);
    } catch {
      socket.destroy();
    }
  });
}

function answer(line: string, token: string | null, handle: (command: ControlCommand) => unknown): string {
  const request = controlRequestSchema.safeParse(parse(line));
  if (!request.success) return errorLine(new ManyhandsError('MH-GEN-002').toObject());
  if (token !== null && !isSame(request.data.token ?? '', token))
    return errorLine(new ManyhandsError('MH-SIG-008').toObject());
  try {
    return JSON.stringify({ version: 1, status: handle(request.data.command) });
  } catch (error) {
    return errorLine(ManyhandsError.from(error).toObject());
  }
}

function errorLine(error: ErrorBody): string {
  return JSON.stringify({ version: 1, error });
}

function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

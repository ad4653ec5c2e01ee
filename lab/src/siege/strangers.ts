// Bare connections from any address of this machine, and calls that may be cut off.
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';

const TIMEOUT_MS = 20_000;

export type Place = { url: string; localAddress: string };
export type Call = {
  method?: string;
  json?: unknown;
  bytes?: Uint8Array;
  headers?: Record<string, string>;
  cutOffAfterMs?: number;
};
/** `status` 0: refused, or cut off by either side. */
export type Answer = { status: number; body: string };

/** An open connection that reads on and on, or null. */
export async function knock({ url, localAddress }: Place, first: string | Buffer = ''): Promise<Socket | null> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), localAddress });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    socket.destroy();
    return null;
  }
  socket.on('error', () => {});
  socket.resume();
  if (first.length > 0) socket.write(first);
  return socket;
}

/** Calls on a connection of its own. */
export function callFrom({ url, localAddress }: Place, call: Call = {}): Promise<Answer> {
  const { method = 'GET', json, bytes, headers = {}, cutOffAfterMs = TIMEOUT_MS } = call;
  const body = json === undefined ? bytes : JSON.stringify(json);
  const kind = json === undefined ? 'application/octet-stream' : 'application/json';
  const type = body && { 'content-type': kind, 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve) => {
    const options = { method, localAddress, agent: false as const, headers: { ...type, ...headers } };
    const sent = request(url, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
      });
      answer.on('error', () => {});
      answer.on('end', () => end({ status: answer.statusCode ?? 0, body: text }));
    });
    const timer = setTimeout(() => sent.destroy(), cutOffAfterMs);
    const end = (answer: Answer): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    sent.on('error', () => {});
    sent.on('close', () => end({ status: 0, body: '' }));
    sent.end(body);
  });
}

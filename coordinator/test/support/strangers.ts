// Strangers at the door: bare connections from any loopback address, and calls that say nothing of themselves.
import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { atEnd } from '@manyhands/testing';

export type Place = { url: string; localAddress?: string };

/** An open connection; closed after the test. Rejects when it is refused. */
export async function knock({ url, localAddress }: Place, text = ''): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ...(localAddress && { localAddress }) });
  atEnd(async () => void socket.destroy());
  await once(socket, 'connect');
  socket.on('error', () => {});
  socket.resume();
  if (text !== '') socket.write(text);
  return socket;
}

/** Many of them. */
export function crowd(count: number, place: Place, text = ''): Promise<Socket[]> {
  return Promise.all(Array.from({ length: count }, () => knock(place, text)));
}

/** What a socket says until then, as text. */
export function heard(socket: Socket): () => string {
  let text = '';
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
  });
  return () => text;
}

export type Heard = { status: number; body: { code?: string; [name: string]: unknown }; headers: IncomingHttpHeaders };

/** A call from an address of this machine; status 0 when the connection was refused or cut. */
export function callFrom(
  localAddress: string,
  url: string,
  { method = 'GET', json, headers = {} }: { method?: string; json?: unknown; headers?: Record<string, string> } = {},
): Promise<Heard> {
  return new Promise((resolve) => {
    const refused: Heard = { status: 0, body: {}, headers: {} };
    const body = json === undefined ? undefined : JSON.stringify(json);
    const type =
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const call = request(url, { method, localAddress, agent: false, headers: { ...type, ...headers } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
      });
      answer.on('error', () => resolve(refused));
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, body: parsed(text), headers: answer.headers });
      });
    });
    call.on('error', () => resolve(refused));
    call.end(body);
  });
}

function parsed(text: string): Heard['body'] {
  try {
    return JSON.parse(text) as Heard['body'];
  } catch {
    return {};
  }
}

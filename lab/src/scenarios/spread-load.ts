// A helper process of the spread scenario: downloads blocks as fast as it can, or measures WebSocket round trips. Apart, so that neither disturbs the other's event loop.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setPriority } from 'node:os';
import { BLOCK_MAXIMUM_BYTES } from '@manyhands/contract';
import { WebSocket } from 'ws';
import type { FromLoad, ToLoad } from './spread-messages.js';

const CONNECTIONS = 4;
const BUFFER_BYTES = 64 * 1024;
const PING_PAUSE_MS = 2;
/** Round trips before the measured ones, for the compiler to warm up. */
const WARM_UP = 100;
const LOWEST_PRIORITY = 19;

const tell = (message: FromLoad): void => {
  process.send?.(message, () => {});
};

/** Asks for one block after another on one connection. The bytes are counted and forgotten in one buffer, so that this end costs as little as it can. */
function pull(urls: readonly URL[], onBytes: (bytes: number) => void): void {
  let next = 0;
  let receivedBytes = 0;
  const [{ hostname, port } = { hostname: '', port: '' }] = urls;
  const buffer = Buffer.alloc(BUFFER_BYTES);
  const ask = () => {
    const path = urls[next++ % urls.length]?.pathname;
    socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
  };
  const callback = (bytes: number): boolean => {
    onBytes(bytes);
    receivedBytes += bytes;
    // About as many requests as blocks have come: two are always under way.
    while (next < receivedBytes / BLOCK_MAXIMUM_BYTES + 2) ask();
    return true;
  };
  const socket = connect({ host: hostname, port: Number(port), onread: { buffer, callback } }, ask);
  socket.on('error', (error) => tell({ type: 'failed', message: error.message }));
  socket.on('close', () => tell({ type: 'failed', message: 'the gateway closed a connection' }));
}

function download(urls: readonly string[]): void {
  setPriority(LOWEST_PRIORITY);
  let bytes = 0;
  setInterval(() => {
    tell({ type: 'moved', bytes });
    bytes = 0;
  }, 100);
  const addresses = urls.map((url) => new URL(url));
  for (let connection = 0; connection < CONNECTIONS; connection++)
    pull(addresses, (received) => {
      bytes += received;
    });
}

/** Round trips of WebSocket pings, which the coordinator's event loop answers. */
async function ping(url: string, milliseconds: number): Promise<number[]> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const closed = once(socket, 'close').then(() => Promise.reject(new Error('the coordinator closed the WebSocket')));
  const roundTripsMs: number[] = [];
  const end = performance.now() + milliseconds;
  const measure = async (): Promise<number[]> => {
    for (let count = 0; performance.now() < end; count++) {
      const startedMs = performance.now();
      const answer = once(socket, 'pong');
      socket.ping();
      await answer;
      if (count >= WARM_UP) roundTripsMs.push(performance.now() - startedMs);
      await new Promise((resolve) => setTimeout(resolve, PING_PAUSE_MS));
    }
    return roundTripsMs;
  };
  try {
    return await Promise.race([measure(), closed]);
  } finally {
    closed.catch(() => {});
    socket.terminate();
  }
}

async function run(message: ToLoad): Promise<void> {
  if (message.type === 'download') download(message.urls);
  else if (message.type === 'ping')
    tell({ type: 'measured', roundTripsMs: await ping(message.url, message.milliseconds) });
  else process.exit(0);
}

process.on('message', (message: ToLoad) => {
  run(message).catch((error: unknown) => tell({ type: 'failed', message: String(error) }));
});
process.once('disconnect', () => process.exit(0));
tell({ type: 'ready' });

// A helper process of the spread scenario: downloads blocks as fast as it can, or measures WebSocket round trips. Apart, so that neither disturbs the other's event loop.
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { WebSocket } from 'ws';
import type { FromLoad, ToLoad } from './spread-messages.js';

const CONNECTIONS = 4;
const PING_PAUSE_MS = 2;
/** Round trips before the measured ones, for the compiler to warm up. */
const WARM_UP = 100;
const LOWEST_PRIORITY = 19;

const tell = (message: FromLoad): void => {
  process.send?.(message, () => {});
};

async function download(urls: readonly string[]): Promise<never> {
  setPriority(LOWEST_PRIORITY);
  let next = 0;
  let bytes = 0;
  setInterval(() => {
    tell({ type: 'moved', bytes });
    bytes = 0;
  }, 100);
  const pull = async (): Promise<never> => {
    for (;;) {
      const response = await fetch(urls[next++ % urls.length] ?? '');
      for await (const chunk of response.body ?? []) bytes += chunk.length;
    }
  };
  return Promise.race(Array.from({ length: CONNECTIONS }, pull));
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
  if (message.type === 'download') await download(message.urls);
  else if (message.type === 'ping')
    tell({ type: 'measured', roundTripsMs: await ping(message.url, message.milliseconds) });
  else process.exit(0);
}

process.on('message', (message: ToLoad) => {
  run(message).catch((error: unknown) => tell({ type: 'failed', message: String(error) }));
});
process.once('disconnect', () => process.exit(0));
tell({ type: 'ready' });

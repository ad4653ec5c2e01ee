// A helper process of the spread scenario: downloads blocks as fast as it can, or measures WebSocket round trips. Apart, so that neither disturbs the other's event loop.
import { setPriority } from 'node:os';
import { WebSocket } from 'ws';
import type { FromLoad, ToLoad } from './spread-messages.js';

const CONNECTIONS = 4;
const PING_PAUSE_MS = 2;
/** Round trips before the measured ones, for the compiler to warm up. */
const WARM_UP = 200;

const tell = (message: FromLoad): void => {
  process.send?.(message, () => {});
};

async function download(urls: readonly string[]): Promise<never> {
  setPriority(19); // it stands for machines elsewhere, so it must not take processor time from the coordinator
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

async function ping(url: string, milliseconds: number): Promise<number[]> {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const roundTripsMs: number[] = [];
  const end = performance.now() + milliseconds;
  for (let count = 0; performance.now() < end; count++) {
    const startedMs = performance.now();
    await new Promise((resolve) => {
      socket.once('message', resolve);
      socket.send(`ping ${count}`);
    });
    if (count >= WARM_UP) roundTripsMs.push(performance.now() - startedMs);
    await new Promise((resolve) => setTimeout(resolve, PING_PAUSE_MS));
  }
  socket.close();
  return roundTripsMs;
}

process.on('message', (message: ToLoad) => {
  if (message.type === 'download') void download(message.urls);
  else if (message.type === 'ping')
    void ping(message.url, message.milliseconds).then((roundTripsMs) => tell({ type: 'measured', roundTripsMs }));
  else process.exit(0);
});
process.once('disconnect', () => process.exit(0));
tell({ type: 'ready' });

// How much a busy seed slows the coordinator's event loop: WebSocket round trips in the process that supervises it, while it serves at full speed and while it rests.
import { WebSocketServer } from 'ws';
import { Child } from './processes.js';
import type { FromLoad, ToLoad } from './spread-messages.js';

export type LatencyReport = {
  /** Medians over the rounds, of the 99th percentile of a round. */
  idleP99Ms: number;
  servingP99Ms: number;
  /** The median of the rounds' own ratios. */
  ratio: number;
  servedMegabytesPerSecond: number;
  rounds: Array<{ idleP99Ms: number; servingP99Ms: number }>;
};

const ROUNDS = 5;
const ROUND_MS = 3_000;
const TIMEOUT_MS = 60_000;

/** Measures round trips beside the seed whose block addresses are given. */
export async function measureLatency(urls: string[]): Promise<LatencyReport> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const pinger = new Child<ToLoad, FromLoad>('spread-load');
  await pinger.next('ready', TIMEOUT_MS);
  const p99 = async () => {
    pinger.send({ type: 'ping', url: `ws://127.0.0.1:${port}`, milliseconds: ROUND_MS });
    return percentile((await pinger.next('measured', TIMEOUT_MS)).roundTripsMs, 0.99);
  };
  const rounds: LatencyReport['rounds'] = [];
  let movedBytes = 0;
  try {
    await p99(); // the first round warms up both processes and is not counted
    for (let round = 0; round < ROUNDS; round++) {
      const idleP99Ms = await p99();
      const loader = await startDownload(urls, (bytes) => {
        movedBytes += bytes;
      });
      rounds.push({ idleP99Ms, servingP99Ms: await p99() });
      await loader.stop();
    }
  } finally {
    await pinger.stop();
    await new Promise((resolve) => server.close(resolve));
  }
  return {
    idleP99Ms: median(rounds.map(({ idleP99Ms }) => idleP99Ms)),
    servingP99Ms: median(rounds.map(({ servingP99Ms }) => servingP99Ms)),
    ratio: median(rounds.map(({ idleP99Ms, servingP99Ms }) => servingP99Ms / idleP99Ms)),
    servedMegabytesPerSecond: movedBytes / 1e6 / ((ROUNDS * ROUND_MS) / 1000),
    rounds,
  };
}

async function startDownload(urls: string[], onBytes: (bytes: number) => void): Promise<Child<ToLoad, FromLoad>> {
  const loader = new Child<ToLoad, FromLoad>('spread-load');
  await loader.next('ready', TIMEOUT_MS);
  loader.on((message) => {
    if (message.type === 'moved') onBytes(message.bytes);
  });
  loader.send({ type: 'download', urls });
  await loader.next('moved', TIMEOUT_MS);
  return loader;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

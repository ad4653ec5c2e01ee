// How much a busy seed slows the coordinator's event loop: WebSocket round trips to the coordinator while its seed serves at full speed, and while it rests.
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

const ROUNDS = 7;
/** Below the time in which the coordinator wants a handshake. */
const ROUND_MS = 4_000;
const TIMEOUT_MS = 60_000;

/** Measures round trips to `socketUrl` while nothing or everything of `blockUrls` is downloaded. */
export async function measureLatency(socketUrl: string, blockUrls: string[]): Promise<LatencyReport> {
  const pinger = new Child<ToLoad, FromLoad>('spread-load');
  const rounds: LatencyReport['rounds'] = [];
  let movedBytes = 0;
  const p99 = async () => {
    pinger.send({ type: 'ping', url: socketUrl, milliseconds: ROUND_MS });
    return percentile((await pinger.next('measured', TIMEOUT_MS)).roundTripsMs, 0.99);
  };
  try {
    await pinger.next('ready', TIMEOUT_MS);
    await p99(); // the first round warms up both processes and is not counted
    for (let round = 0; round < ROUNDS; round++) {
      const idleP99Ms = await p99();
      const loader = await startDownload(blockUrls, (bytes) => {
        movedBytes += bytes;
      });
      rounds.push({ idleP99Ms, servingP99Ms: await p99() });
      await loader.stop();
    }
  } finally {
    await pinger.stop();
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
  // It stands for machines elsewhere: what it takes of this one's processors must not count against the coordinator.
  const loader = new Child<ToLoad, FromLoad>('spread-load', { isBackground: true });
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

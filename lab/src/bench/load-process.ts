// The load generator: many hosts of distinct accounts in a process of their own.
import { LoadHost, type Tally } from './load-host.js';
import type { LoadAsk, LoadSay } from './messages.js';

const say = (message: LoadSay): void => void process.send?.(message);
let hosts: LoadHost[] = [];
let isRunning = false;
let working: Promise<unknown> = Promise.resolve();
let tally: Tally = { receipts: 0, settled: 0, refused: 0 };

async function connect({ url, coordinatorId, connections }: Extract<LoadAsk, { type: 'connect' }>): Promise<void> {
  hosts = Array.from({ length: connections }, () => new LoadHost(url, coordinatorId));
  await Promise.all(hosts.map((host) => host.join()));
  say({ type: 'connected' });
}

process.on('message', (message: LoadAsk) => {
  if (message.type === 'connect') void connect(message);
  if (message.type === 'run') {
    isRunning = true;
    tally = { receipts: 0, settled: 0, refused: 0 };
    working = Promise.all(hosts.map((host) => host.work(message.unitsPerLease, tally, () => isRunning)));
  }
  if (message.type === 'pause') {
    isRunning = false;
    void working.then(() => say({ type: 'paused', ...tally }));
  }
});
process.on('disconnect', () => {
  for (const host of hosts) host.close();
  process.exit(0);
});

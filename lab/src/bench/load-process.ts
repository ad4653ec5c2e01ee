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

/** Hosts that are at work at one time. */
const AT_ONCE = 32;
/** So many come from one network of 127.0.0.0/8: a school's worth. */
const HOSTS_PER_NETWORK = 200;

async function fill(wanted: Extract<LoadAsk, { type: 'fill' }>): Promise<void> {
  const { url, coordinatorId, firstHost, hosts: count, unitsPerHost } = wanted;
  let [next, units] = [firstHost, 0];
  const one = async (): Promise<void> => {
    for (let at = next++; at < firstHost + count; at = next++) {
      const network = Math.floor(at / HOSTS_PER_NETWORK);
      const host = new LoadHost(url, coordinatorId, `127.${1 + Math.floor(network / 256)}.${network % 256}.1`);
      await host.join();
      const own: Tally = { receipts: 0, settled: 0, refused: 0 };
      await host.workApart(unitsPerHost, own);
      if (own.refused > 0) throw new Error(`${own.refused} receipts were refused`);
      units += own.settled;
      host.close();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  say({ type: 'filled', units });
}

process.on('message', (message: LoadAsk) => {
  if (message.type === 'connect') void connect(message);
  if (message.type === 'fill') void fill(message);
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

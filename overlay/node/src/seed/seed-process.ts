// The coordinator's seed: a child process with the overlay's seed node and the HTTP block gateway, so that serving blocks never slows its event loop.

import { getPriority, setPriority } from 'node:os';
import { ManyhandsError } from '@manyhands/contract';
import { Callers } from '@manyhands/foundation';
import { listenHostsOf } from '../peer/addresses.js';
import { startPeerNode } from '../peer/start.js';
import { openBlockDirectory } from '../store/block-directory.js';
import { cacheBlocks } from './block-cache.js';
import { startGateway } from './gateway-server.js';
import { Lookout } from './lookout.js';
import type { FromSeed, LookFor, StartSeed, ToSeed } from './seed-messages.js';

const EGRESS_REPORT_MS = 200;
/** What the operator did not choose otherwise. */
const CONNECTIONS_MAXIMUM = 1000;
const NO_PROXIES = { trustedProxies: [], proxyHeader: 'x-forwarded-for', exemptLoopback: false } as const;
const CACHE_BYTES = 64 * 1024 * 1024;
/** Below the coordinator's, so that a busy seed on a small machine does not take its processor time. */
const LOWEST_PRIORITY = 10;

const tell = (message: FromSeed): void => {
  if (process.connected) process.send?.(message, () => {}); // without a callback a broken channel would throw
};

async function start({ keySeedHex, nice = LOWEST_PRIORITY, ...options }: StartSeed['options']): Promise<void> {
  // Never above what the coordinator was started with: the system forbids it.
  setPriority(Math.max(getPriority(), Math.min(nice, LOWEST_PRIORITY)));
  let unreported = 0;
  const onEgress = (bytes: number) => {
    unreported += bytes;
  };
  setInterval(() => {
    if (unreported > 0) tell({ type: 'egress', bytes: unreported });
    unreported = 0;
  }, EGRESS_REPORT_MS);
  const directory = openBlockDirectory({ directory: options.blocksDirectory });
  const blocks = cacheBlocks(directory, { maximumBytes: CACHE_BYTES });
  const { host, gatewayPort, overlayPort, announceHosts, connectionsMaximum = CONNECTIONS_MAXIMUM } = options;
  const callers = new Callers(options.callers ?? NO_PROXIES);
  const gateway = await startGateway({ host, port: gatewayPort, connectionsMaximum }, { blocks, callers, onEgress });
  const peer = await startPeerNode(
    {
      keySeed: Buffer.from(keySeedHex, 'hex'),
      listenHosts: listenHostsOf(host),
      listenPort: overlayPort,
      announceHosts,
      role: 'seed',
      connectionsMaximum,
    },
    { store: blocks, onUpload: onEgress },
  );
  const lookout = new Lookout();
  process.on('message', (message: ToSeed) => {
    if (message.type === 'look') void look(lookout, message);
  });
  tell({ type: 'started', overlay: peer.node, gatewayPort: gateway.port });
}

async function look(lookout: Lookout, { id, peerId, address }: LookFor): Promise<void> {
  tell({ type: 'looked', id, isFound: await lookout.answersAt(peerId, address) });
}

process.once('message', (message: StartSeed) => {
  start(message.options).catch((error: unknown) => {
    tell({ type: 'refused', error: ManyhandsError.from(error).toObject() });
    setTimeout(() => process.exit(1), 100); // time for the message to leave
  });
});
// Never outlive the coordinator, whether it stops, dies or is killed.
process.once('disconnect', () => process.exit(0));
// A terminal, or a service manager, tells the whole group; the coordinator decides when its seed ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

// One fetching peer of the spread scenario, as a process of its own: fetches a file, checks it, and goes on serving until it is told to stop.
import { randomBytes } from 'node:crypto';
import type { OverlayNode } from '@manyhands/contract';
import { splitFile } from '@manyhands/contract';
import { createBlockFetcher, openBlockStore, startPeerNode } from '@manyhands/overlay-node';
import type { FromPeer, PeerTask, ToPeer } from './spread-messages.js';

const QUOTA_BYTES = 4 * 1024 ** 3;
const FETCH_TIMEOUT_MS = 180_000;

const tell = (message: FromPeer): void => {
  process.send?.(message, () => {});
};

const finds = new Map<number, (peers: OverlayNode[]) => void>();
function findPeers(): Promise<OverlayNode[]> {
  const id = finds.size + 1;
  tell({ type: 'find', id });
  return new Promise((resolve) => finds.set(id, resolve));
}

async function prepare({ directory, ref, swarm, gatewayUrl, originPeer }: PeerTask): Promise<() => Promise<void>> {
  const store = await openBlockStore({ directory, quotaBytes: QUOTA_BYTES });
  const peerNode = await startPeerNode(
    { keySeed: randomBytes(32), listenHost: '127.0.0.1', listenPort: 0, announceHosts: [], role: 'worker' },
    { store },
  );
  const fetcher = createBlockFetcher({ gatewayUrl, originPeer }, { store, peerNode, findPeers });
  tell({ type: 'ready', node: peerNode.node });
  return async () => {
    const startedMs = performance.now();
    await fetcher.fetchFile(ref, { swarm, signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    const milliseconds = performance.now() - startedMs;
    const isIntact = splitFile(await fetcher.readFile(ref)).ref.cid === ref.cid;
    tell({ type: 'done', isIntact, milliseconds, stats: fetcher.stats() });
  };
}

let run: Promise<() => Promise<void>> | undefined;
const fail = (error: unknown) => tell({ type: 'failed', message: String(error) });
process.on('message', (message: ToPeer) => {
  if (message.type === 'prepare') run = prepare(message.task);
  else if (message.type === 'start') run?.then((fetchAll) => fetchAll()).catch(fail);
  else if (message.type === 'found') finds.get(message.id)?.(message.peers);
  else process.exit(0);
  run?.catch(fail);
});
process.once('disconnect', () => process.exit(0));

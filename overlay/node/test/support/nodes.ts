// Real nodes on the loopback for system tests; everything ends with the test.

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Cid, type FileRef, type OverlayNode, placeOf, splitFile } from '@manyhands/contract';
import {
  type BlockFetcher,
  type BlockStore,
  createBlockFetcher,
  openBlockDirectory,
  openBlockStore,
  type PeerNode,
  type SupervisedSeed,
  startPeerNode,
  superviseSeed,
} from '@manyhands/overlay-node';
import { temporaryFolder } from '@manyhands/testing';
import { onTestFinished } from 'vitest';
import { someBytes } from './blocks.js';

const QUOTA_BYTES = 100 * 1024 * 1024;
export const HOST = '127.0.0.1';

/** Who takes part, as a coordinator's tracker would know it. */
export class Tracker {
  readonly nodes: OverlayNode[] = [];
  readonly find = (_swarm: Cid): Promise<OverlayNode[]> => Promise.resolve([...this.nodes]);
}

export type TestSeed = { seed: SupervisedSeed; gatewayUrl: string; ref: FileRef; bytes: Uint8Array; egress(): number };

/** A seed over a directory that holds one file. */
export async function startSeed(fileBytes: number, host = HOST): Promise<TestSeed> {
  const blocksDirectory = await temporaryFolder();
  const directory = openBlockDirectory({ directory: blocksDirectory });
  const bytes = someBytes(1, fileBytes);
  const { ref, blocks } = splitFile(bytes);
  for (const block of blocks) await directory.put(block.cid, block.bytes);
  let sent = 0;
  const ports = { gatewayPort: 0, overlayPort: 0 };
  const seed = await superviseSeed(
    { blocksDirectory, keySeed: randomBytes(32), host, announceHosts: [], nice: 0, ...ports },
    {
      onEgress: (egress) => {
        sent += egress;
      },
    },
  );
  onTestFinished(() => seed.stop());
  return { seed, gatewayUrl: `http://${placeOf(host, seed.info().gatewayPort)}`, ref, bytes, egress: () => sent };
}

export type TestPeer = { store: BlockStore; peerNode: PeerNode; fetcher: BlockFetcher };
export type PeerSettings = {
  gatewayUrl: string;
  originPeer: OverlayNode | null;
  tracker: Tracker;
  quotaBytes?: number;
  listenHosts?: string[];
  localAddress?: string;
};

/** A worker's node with its own store; it is known to the tracker from the start. */
export async function startPeer({
  gatewayUrl,
  originPeer,
  tracker,
  quotaBytes,
  listenHosts = [HOST],
  localAddress,
}: PeerSettings): Promise<TestPeer> {
  const directory = join(await temporaryFolder(), 'blocks');
  const store = await openBlockStore({ directory, quotaBytes: quotaBytes ?? QUOTA_BYTES });
  const peerNode = await startPeerNode(
    {
      ...{ keySeed: randomBytes(32), listenHosts, listenPort: 0, announceHosts: [], role: 'worker' },
      localAddress: localAddress ?? null,
    },
    { store },
  );
  const fetcher = createBlockFetcher({ gatewayUrl, originPeer }, { store, peerNode, findPeers: tracker.find });
  tracker.nodes.push(peerNode.node);
  onTestFinished(async () => {
    fetcher.close();
    await peerNode.stop();
    store.close();
  });
  return { store, peerNode, fetcher };
}

/** A gateway that answers nothing before `opened`, and then as the one behind it. */
export async function startLateGateway(behindUrl: string, opened: Promise<void>): Promise<string> {
  const server = createServer(async (request, response) => {
    await opened;
    const answer = await fetch(behindUrl + request.url);
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://${HOST}:${(server.address() as AddressInfo).port}`;
}

/** An address where nobody listens. */
export const NOWHERE = `http://${HOST}:1`;

// How many copies of a shared input leave the coordinator when eight peers want it at once, and whether serving blocks slows its WebSockets.
// Usage: npm run lab:spread -- [--json] [--runs N] [--peers N] [--mebibytes N] [--no-latency]
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type FileRef, type OverlayNode, splitFile } from '@manyhands/contract';
import { openBlockDirectory, type SupervisedSeed, superviseSeed } from '@manyhands/overlay-node';
import { type LatencyReport, measureLatency, median } from './latency.js';
import { Child } from './processes.js';
import type { FromPeer, ToPeer } from './spread-messages.js';

type RunReport = {
  /** Bytes of blocks that the seed and the gateway sent, in sizes of the file. */
  originCopies: number;
  originBytes: number;
  /** Bytes that peers got from one another. */
  peerBytes: number;
  /** Until the last peer had the file. */
  seconds: number;
  /** Whether every peer's file hashed to the right identifier. */
  isIntact: boolean;
};

const TIMEOUT_MS = 240_000;
/** The seed reports its egress five times a second. */
const EGRESS_SETTLE_MS = 600;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
    peers: { type: 'string', default: '8' },
    mebibytes: { type: 'string', default: '32' },
    'no-latency': { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'manyhands-spread-'));
  const runs: RunReport[] = [];
  let latency: LatencyReport | null = null;
  try {
    for (let run = 0; run < Number(values.runs); run++) {
      const home = join(directory, String(run));
      const isMeasuring = run === 0 && !values['no-latency'];
      const scenario = await prepare(home);
      try {
        runs.push(await spread(scenario));
        if (isMeasuring) latency = await measureLatency(scenario.urls);
      } finally {
        await scenario.seed.stop();
      }
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  report(runs, latency);
}

type Scenario = { home: string; seed: SupervisedSeed; ref: FileRef; urls: string[]; egress(): number };

async function prepare(home: string): Promise<Scenario> {
  const blocksDirectory = join(home, 'blocks');
  const directory = openBlockDirectory({ directory: blocksDirectory });
  const { ref, blocks } = splitFile(new Uint8Array(randomBytes(Number(values.mebibytes) * 1024 * 1024)));
  for (const { cid, bytes } of blocks) await directory.put(cid, bytes);
  let sent = 0;
  const ports = { gatewayPort: 0, overlayPort: 0 };
  const seed = await superviseSeed(
    { blocksDirectory, keySeed: randomBytes(32), host: '127.0.0.1', announceHosts: [], ...ports },
    {
      onEgress: (bytes) => {
        sent += bytes;
      },
    },
  );
  const gatewayUrl = `http://127.0.0.1:${seed.info().gatewayPort}`;
  return { home, seed, ref, urls: blocks.map(({ cid }) => `${gatewayUrl}/blocks/${cid}`), egress: () => sent };
}

async function spread({ home, seed, ref, egress }: Scenario): Promise<RunReport> {
  const { overlay, gatewayPort } = seed.info();
  const members: OverlayNode[] = [];
  const peers = Array.from({ length: Number(values.peers) }, () => new Child<ToPeer, FromPeer>('spread-peer'));
  try {
    const nodes = await Promise.all(
      peers.map(async (peer, index) => {
        peer.on((message) => {
          if (message.type === 'find') peer.send({ type: 'found', id: message.id, peers: members });
        });
        const place = { directory: join(home, `peer-${index}`), gatewayUrl: `http://127.0.0.1:${gatewayPort}` };
        peer.send({ type: 'prepare', task: { ...place, ref, swarm: ref.cid, originPeer: overlay } });
        return (await peer.next('ready', TIMEOUT_MS)).node;
      }),
    );
    const startedMs = performance.now();
    const done = await Promise.all(
      peers.map((peer, index) => {
        members.push(...nodes.slice(index, index + 1)); // a peer joins the tracker as it starts, as workers do
        peer.send({ type: 'start' });
        return peer.next('done', TIMEOUT_MS);
      }),
    );
    const seconds = (performance.now() - startedMs) / 1000;
    await new Promise((resolve) => setTimeout(resolve, EGRESS_SETTLE_MS));
    return {
      originCopies: egress() / ref.sizeBytes,
      originBytes: egress(),
      peerBytes: done.reduce((sum, { stats }) => sum + stats.fromPeersBytes, 0),
      seconds,
      isIntact: done.every(({ isIntact }) => isIntact),
    };
  } finally {
    await Promise.all(peers.map((peer) => peer.stop()));
  }
}

function report(runs: readonly RunReport[], latency: LatencyReport | null): void {
  const originCopies = median(runs.map((run) => run.originCopies));
  const peerBytes = median(runs.map((run) => run.peerBytes));
  const seconds = median(runs.map((run) => run.seconds));
  const peers = Number(values.peers);
  const fileBytes = Number(values.mebibytes) * 1024 * 1024;
  const document = { version: 1, peers, fileBytes, originCopies, peerBytes, seconds, runs, latency };
  if (values.json) console.log(JSON.stringify(document, null, 2));
  else {
    console.log(`${peers} peers, ${values.mebibytes} MiB, medians of ${runs.length} runs`);
    console.log(`copies sent by the coordinator  ${originCopies.toFixed(2)}`);
    console.log(`megabytes from peers            ${(peerBytes / 1e6).toFixed(1)}`);
    console.log(`seconds until the last had it   ${seconds.toFixed(1)}`);
    if (latency !== null)
      console.log(
        `WebSocket round trip, p99       ${latency.servingP99Ms.toFixed(2)} ms serving, ${latency.ratio.toFixed(2)} times idle`,
      );
  }
  const isBad = runs.some((run) => !run.isIntact || run.originCopies > 3) || (latency !== null && latency.ratio > 2);
  process.exitCode = isBad ? 1 : 0;
}

await main();

// One host of the load generator: a real handshake, then leases and signed receipts as fast as the coordinator answers.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CoordinatorId,
  challengePayloadSchema,
  decodeToWorker,
  encodeBundle,
  encodeMessage,
  hostIdOf,
  keyPairOfSeed,
  type Lease,
  type MessageToCoordinator,
  type MessageToWorker,
  open,
  seal,
  utf8Bytes,
} from '@manyhands/contract';
import { WebSocket } from 'ws';

/** What each unit is said to take. */
const FUEL = 1_000_000;
const IDLE_MS = 50;

export type Tally = { receipts: number; settled: number; refused: number };
type Reply = Exclude<MessageToWorker, { t: 'work' }>;

export class LoadHost {
  private readonly key = keyPairOfSeed(new Uint8Array(randomBytes(32)));
  private readonly hostId = hostIdOf(this.key.publicKey);
  private readonly socket: WebSocket;
  private answer: ((reply: Reply) => void) | undefined;
  private id = 0;

  constructor(
    url: string,
    private readonly coordinatorId: CoordinatorId,
    localAddress?: string,
  ) {
    const options = { perMessageDeflate: false, ...(localAddress && { localAddress }) };
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/worker`, options);
    this.socket.on('message', (data: Buffer) => this.receive(new Uint8Array(data)));
  }

  async join(): Promise<void> {
    await once(this.socket, 'open');
    const nonce = new Uint8Array(randomBytes(16));
    const versions = { protocolMinimum: 1, protocolMaximum: 1, features: [], clientVersion: 'load' };
    const challenge = await this.ask({ t: 'hello', ...versions, hostKey: new Uint8Array(this.key.publicKey), nonce });
    if (challenge.t !== 'challenge') throw new Error(`no challenge: ${JSON.stringify(challenge)}`);
    const { coordinatorId } = this;
    const opened = open(challenge.envelope, { type: 'challenge', coordinatorId }, { schema: challengePayloadSchema });
    if (!opened.ok) throw new Error(opened.reason);
    const { coordinatorNonce } = opened.value;
    const machine = { cores: 8, memoryBytes: 2 ** 34, platform: 'load', arch: 'load', engine: 'load' };
    const proof = { version: 1, coordinatorNonce, ...machine };
    const envelope = new Uint8Array(seal(proof, { type: 'host-proof', coordinatorId }, this.key));
    const welcome = await this.ask({ t: 'prove', envelope, binding: { kind: 'keep' } });
    if (welcome.t !== 'welcome') throw new Error(`not welcome: ${JSON.stringify(welcome)}`);
  }

  /** Works until `isRunning` says no. */
  async work(unitsPerLease: number, tally: Tally, isRunning: () => boolean): Promise<void> {
    while (isRunning()) {
      const wishes = { memoryBytes: 2 ** 33, availableMs: null, projectIds: null, cachedManifests: [] };
      const reply = await this.ask({ t: 'lease.request', id: ++this.id, maximumUnits: unitsPerLease, ...wishes });
      if (reply.t === 'lease.grant') for (const lease of reply.leases) await this.report(lease, tally);
      else await sleep(reply.t === 'error' ? (reply.retryAfterMs ?? IDLE_MS) : IDLE_MS);
    }
  }

  /** Does so many units, each with a receipt of its own. */
  async workApart(unitCount: number, tally: Tally): Promise<void> {
    const isRunning = (): boolean => tally.settled + tally.refused < unitCount;
    while (isRunning()) {
      const wishes = { memoryBytes: 2 ** 33, availableMs: null, projectIds: null, cachedManifests: [] };
      const maximumUnits = unitCount - tally.settled;
      const reply = await this.ask({ t: 'lease.request', id: ++this.id, maximumUnits, ...wishes });
      if (reply.t !== 'lease.grant') await sleep(reply.t === 'error' ? (reply.retryAfterMs ?? IDLE_MS) : IDLE_MS);
      else
        for (const lease of reply.leases)
          for (const index of indexesOf(lease)) await this.report(lease, tally, [index]);
    }
  }

  private async report(lease: Lease, tally: Tally, indexes = indexesOf(lease)): Promise<void> {
    const { leaseId, manifestCid, appVersionId, build } = lease;
    const made = indexes.map((index) => ({ index, ...resultOf(index) }));
    const successes = made.map(({ index, digest, bundle }) => [index, digest, bundle.length, 3, FUEL, 1, digest]);
    const program = { appVersionId, build, engine: 'load' };
    const receipt = { version: 1, hostId: this.hostId, leaseId, manifestCid, ...program, successes, failures: [] };
    const { coordinatorId } = this;
    const envelope = new Uint8Array(seal(receipt, { type: 'receipt', coordinatorId }, this.key));
    const bundles = made.map(({ index, bundle }): [number, Uint8Array<ArrayBuffer>] => [index, new Uint8Array(bundle)]);
    for (;;) {
      const reply = await this.ask({ t: 'receipts', id: ++this.id, envelope, bundles });
      if (reply.t === 'receipts.ack') {
        tally.receipts++;
        for (const [, status] of reply.items) tally[status === 'refused' ? 'refused' : 'settled']++;
        return;
      }
      await sleep(reply.t === 'error' ? (reply.retryAfterMs ?? IDLE_MS) : IDLE_MS);
    }
  }

  close(): void {
    this.socket.terminate();
  }

  /** One question at a time; the answer is what comes next. */
  private ask(message: MessageToCoordinator): Promise<Reply> {
    return new Promise((resolve) => {
      this.answer = resolve;
      this.socket.send(encodeMessage(message));
    });
  }

  private receive(frame: Uint8Array): void {
    const decoded = decodeToWorker(frame);
    if (!decoded.ok || decoded.message.t === 'work') return;
    this.answer?.(decoded.message);
  }
}

function indexesOf({ ranges }: Lease): number[] {
  return ranges.flatMap(([first, count]) => Array.from({ length: count }, (_, offset) => first + offset));
}

/** What every honest host makes of a unit: a line of text, different for each unit. */
function resultOf(index: number): { digest: Uint8Array; bundle: Uint8Array } {
  const line = `unit ${index}: score ${(index * 7919) % 104_729}, position ${(index * 104_729) % 4_938_920}, strand +\n`;
  return encodeBundle({ exitCode: 0, stdout: utf8Bytes(line), files: [] });
}

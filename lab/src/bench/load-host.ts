// One host of the load generator: a real handshake, then leases and signed receipts as fast as the coordinator answers.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CoordinatorId,
  decodeToWorker,
  encodeMessage,
  type Lease,
  type MessageToCoordinator,
  type MessageToWorker,
} from '@manyhands/contract';
import { WebSocket } from 'ws';
import { HostRecords, indexesOf } from './host-records.js';

const IDLE_MS = 50;

export type Tally = { receipts: number; settled: number; refused: number };
type Reply = Exclude<MessageToWorker, { t: 'work' }>;

export class LoadHost {
  private readonly records: HostRecords;
  private readonly socket: WebSocket;
  private answer: ((reply: Reply) => void) | undefined;
  private id = 0;

  constructor(url: string, coordinatorId: CoordinatorId, localAddress?: string) {
    this.records = new HostRecords(coordinatorId);
    const options = { perMessageDeflate: false, ...(localAddress && { localAddress }) };
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/worker`, options);
    this.socket.on('message', (data: Buffer) => this.receive(new Uint8Array(data)));
  }

  async join(): Promise<void> {
    await once(this.socket, 'open');
    const challenge = await this.ask(this.records.hello());
    if (challenge.t !== 'challenge') throw new Error(`no challenge: ${JSON.stringify(challenge)}`);
    const welcome = await this.ask(this.records.prove(challenge));
    if (welcome.t !== 'welcome') throw new Error(`not welcome: ${JSON.stringify(welcome)}`);
  }

  /** Works until `isRunning` says no. */
  async work(unitsPerLease: number, tally: Tally, isRunning: () => boolean): Promise<void> {
    while (isRunning()) {
      const reply = await this.ask(this.records.request(++this.id, unitsPerLease));
      if (reply.t === 'lease.grant') for (const lease of reply.leases) await this.report(lease, tally);
      else await sleep(reply.t === 'error' ? (reply.retryAfterMs ?? IDLE_MS) : IDLE_MS);
    }
  }

  /** Does so many units, each with a receipt of its own. */
  async workApart(unitCount: number, tally: Tally): Promise<void> {
    const isRunning = (): boolean => tally.settled + tally.refused < unitCount;
    while (isRunning()) {
      const reply = await this.ask(this.records.request(++this.id, unitCount - tally.settled));
      if (reply.t !== 'lease.grant') await sleep(reply.t === 'error' ? (reply.retryAfterMs ?? IDLE_MS) : IDLE_MS);
      else
        for (const lease of reply.leases)
          for (const index of indexesOf(lease)) await this.report(lease, tally, [index]);
    }
  }

  private async report(lease: Lease, tally: Tally, indexes = indexesOf(lease)): Promise<void> {
    for (;;) {
      const reply = await this.ask(this.records.receipt(++this.id, lease, { indexes }));
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

// One host of the load generator: a real handshake, then leases and signed receipts as fast as the coordinator answers.
import { setTimeout as sleep } from 'node:timers/promises';
import type { CoordinatorId, Lease } from '@manyhands/contract';
import { BareHost } from './bare-host.js';
import { indexesOf } from './host-records.js';

const IDLE_MS = 50;

export type Tally = { receipts: number; settled: number; refused: number };

export class LoadHost extends BareHost {
  constructor(url: string, coordinatorId: CoordinatorId, localAddress?: string) {
    super(url, coordinatorId, localAddress === undefined ? {} : { localAddress });
  }

  async join(): Promise<void> {
    const answer = await this.greet();
    if (answer.t !== 'welcome') throw new Error(`not welcome: ${JSON.stringify(answer)}`);
  }

  /** Works until `isRunning` says no. */
  async work(unitsPerLease: number, tally: Tally, isRunning: () => boolean): Promise<void> {
    while (isRunning()) {
      const reply = await this.ask(this.records.request(unitsPerLease));
      if (reply.t === 'lease.grant') for (const lease of reply.leases) await this.report(lease, tally);
      else await sleep(reply.t === 'error' ? (reply.retryAfterMs ?? IDLE_MS) : IDLE_MS);
    }
  }

  /** Does so many units, each with a receipt of its own. */
  async workApart(unitCount: number, tally: Tally): Promise<void> {
    const isRunning = (): boolean => tally.settled + tally.refused < unitCount;
    while (isRunning()) {
      const reply = await this.ask(this.records.request(unitCount - tally.settled));
      if (reply.t !== 'lease.grant') await sleep(reply.t === 'error' ? (reply.retryAfterMs ?? IDLE_MS) : IDLE_MS);
      else
        for (const lease of reply.leases)
          for (const index of indexesOf(lease)) await this.report(lease, tally, [index]);
    }
  }

  private async report(lease: Lease, tally: Tally, indexes = indexesOf(lease)): Promise<void> {
    const receipt = this.records.receipt(lease, { indexes });
    for (;;) {
      const reply = await this.ask(receipt);
      if (reply.t === 'receipts.ack') {
        tally.receipts++;
        for (const [, status] of reply.items) tally[status === 'refused' ? 'refused' : 'settled']++;
        return;
      }
      await sleep(reply.t === 'error' ? (reply.retryAfterMs ?? IDLE_MS) : IDLE_MS);
    }
  }
}

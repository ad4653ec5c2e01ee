// One host of the load generator: a real handshake, then leases and signed receipts as fast as the coordinator answers.
import { setTimeout as sleep } from 'node:timers/promises';
import { type CoordinatorId, encodeBundle, type Lease, seal, utf8Bytes } from '@manyhands/contract';
import { BareHost } from './bare-host.js';

/** What each unit is said to take. */
const FUEL = 1_000_000;
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
      const wishes = { memoryBytes: 2 ** 33, availableMs: null, projectIds: null, cachedManifests: [] };
      const reply = await this.ask({ t: 'lease.request', maximumUnits: unitsPerLease, ...wishes });
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
      const reply = await this.ask({ t: 'lease.request', maximumUnits, ...wishes });
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
      const reply = await this.ask({ t: 'receipts', envelope, bundles });
      if (reply.t === 'receipts.ack') {
        tally.receipts++;
        for (const [, status] of reply.items) tally[status === 'refused' ? 'refused' : 'settled']++;
        return;
      }
      await sleep(reply.t === 'error' ? (reply.retryAfterMs ?? IDLE_MS) : IDLE_MS);
    }
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

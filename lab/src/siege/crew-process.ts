// The crew: many honest hosts behind one address, which join and work under the siege. A process of its own.
import { setTimeout as sleep } from 'node:timers/promises';
import type { CrewAsk, CrewCount, CrewSay, Target } from './messages.js';
import { joinPatiently, type SiegeHost } from './patient-host.js';
import { CREW_ADDRESS } from './sources.js';

/** A unit takes a host so long, at least and at most: the crew is many, and its machine is one. */
const UNIT_MINIMUM_MS = 2000;
const UNIT_MAXIMUM_MS = 6000;
const AGAIN_MS = 2000;
/** As much as lists show of an output. */
const STDOUT_LENGTH = 4000;

const say = (message: CrewSay): void => void process.send?.(message);
const crew = new Set<SiegeHost>();
const workers = new Set<number>();
const count: Pick<CrewCount, 'settled' | 'refused'> = { settled: 0, refused: 0 };

async function work(target: Target, number: number): Promise<void> {
  for (;;) {
    const host = await joinPatiently(target, { localAddress: CREW_ADDRESS }, () => false);
    if (host === null) return;
    crew.add(host);
    await workOn(target, host, number).catch(() => {}); // its connection ended: it comes again
    crew.delete(host);
  }
}

async function workOn({ crewProjectId }: Target, host: SiegeHost, number: number): Promise<void> {
  for (;;) {
    const leases = await host.lease(crewProjectId, 1);
    if (leases.length === 0) await sleep(AGAIN_MS);
    for (const lease of leases) {
      await sleep(UNIT_MINIMUM_MS + Math.random() * (UNIT_MAXIMUM_MS - UNIT_MINIMUM_MS));
      await host.report(lease, host.resultsOf(lease, answerOf)).then((answer) => {
        const items = answer.t === 'receipts.ack' ? answer.items : [];
        for (const [, status] of items) count[status === 'refused' ? 'refused' : 'settled']++;
        if (items.some(([, status]) => status !== 'refused')) workers.add(number);
      });
    }
  }
}

function answerOf(index: number): string {
  return `unit ${index} `.padEnd(STDOUT_LENGTH, '.');
}

process.on('message', (message: CrewAsk) => {
  if (message.type === 'begin') {
    for (let number = 0; number < message.hosts; number++) void work(message.target, number);
    say({ type: 'begun' });
  } else {
    const joined = [...crew].filter(({ isOpen }) => isOpen).length;
    say({ type: 'counted', joined, worked: workers.size, ...count });
  }
});
process.on('disconnect', () => process.exit(0));

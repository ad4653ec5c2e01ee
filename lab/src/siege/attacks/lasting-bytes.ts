// Receipts padded with failures of units that were not leased, and with items that were said before.
import type { FailureItem, Lease } from '@manyhands/contract';
import { indexesOf } from '../../bench/host-records.js';
import type { Attack, Siege } from '../attack.js';
import { joinPatiently, type SiegeHost } from '../patient-host.js';

const HOSTS = 8;
const PADDING = 60;
/** Far from every unit of the own lease. */
const DISTANCE = 1000;
const REPEATS = 10;
const AGAIN_MS = 2000;
const TEXT = { message: 'é'.repeat(500), stderrTail: '€'.repeat(4000) };
const FACTS = { exitCode: null, elapsedMs: 1, fuel: 0, markCount: 0, chainRoot: null };

export const lastingBytes: Attack = {
  name: 'lasting-bytes',
  about: 'receipts padded with units that were not leased and items that were said before',
  async run(siege) {
    await Promise.all(Array.from({ length: HOSTS }, (_, number) => padFrom(siege, number)));
  },
};

async function padFrom(siege: Siege, number: number): Promise<void> {
  while (!siege.isOver()) {
    const options = { localAddress: siege.addressOf(number) };
    const host = await joinPatiently(siege.target, options, () => siege.isOver());
    if (host) await pad(siege, host).catch(() => siege.note('ended'));
    await siege.pause(AGAIN_MS);
  }
}

async function pad(siege: Siege, host: SiegeHost): Promise<void> {
  while (!siege.isOver()) {
    const leases = await host.lease(siege.target.crewProjectId, 1);
    if (leases.length === 0) await siege.pause(AGAIN_MS);
    for (const lease of leases) await padLease(siege, host, lease);
  }
}

async function padLease(siege: Siege, host: SiegeHost, lease: Lease): Promise<void> {
  const own = host.resultsOf(lease, (index) => `unit ${index}`);
  const first = (indexesOf(lease)[0] ?? 0) + DISTANCE;
  const failures = Array.from({ length: PADDING }, (_, offset) => failureOf(first + offset));
  const said = [{ ...own, failures }, ...Array.from({ length: REPEATS }, () => own)];
  for (const one of said) {
    if (!siege.mayGoOn()) return siege.pause(AGAIN_MS);
    const answer = await host.report(lease, one);
    siege.note(answer.t === 'error' ? answer.code : answer.t);
  }
}

function failureOf(index: number): FailureItem {
  return { index, kind: 'host-failure', code: 'MH-HOST-003', ...TEXT, ...FACTS };
}

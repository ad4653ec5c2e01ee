// One key under two accounts in turn: lies, failures that are made up, leases that run out, and leases that are renewed for ever.
import { randomInt } from 'node:crypto';
import { type FailureItem, type Lease, type LeaseId, seal } from '@manyhands/contract';
import { indexesOf } from '../../bench/host-records.js';
import type { Attack, Siege } from '../attack.js';
import { SiegeHost } from '../patient-host.js';
import { bindingTo, someKey } from '../signed.js';

const KEYS = 12;
const AGAIN_MS = 1000;
const RENEW_MS = 2000;

export const votes: Attack = {
  name: 'votes',
  about: 'each key under two accounts in turn; lies, made-up failures, leases that run out or are renewed for ever',
  async run(siege) {
    const count = Math.max(KEYS, siege.sources.length);
    await Promise.all(Array.from({ length: count }, (_, number) => voteFrom(siege, number)));
  },
};

type Deed = (siege: Siege, host: SiegeHost, lease: Lease) => Promise<unknown>;

const lie: Deed = (_, host, lease) =>
  host.report(
    lease,
    host.resultsOf(lease, (index) => `${host.hostId} ${index}`),
  );
const failUnits: Deed = (_, host, lease) =>
  host.report(lease, { failures: failuresOf(lease, 'unit-failure', 'MH-UNIT-002') });
const failHost: Deed = (_, host, lease) =>
  host.report(lease, { failures: failuresOf(lease, 'host-failure', 'MH-HOST-003') });
const letRunOut: Deed = async () => {};
const DEEDS: readonly Deed[] = [lie, failUnits, failHost, letRunOut, renewForEver];

/** Under one account, then under the other, and so on. */
async function voteFrom(siege: Siege, number: number): Promise<void> {
  const { coordinatorId } = siege.target;
  const key = someKey();
  const accounts = [someKey(), someKey()];
  for (let round = number; siege.mayGoOn(); round++) {
    const host = new SiegeHost(siege.target, { localAddress: siege.addressOf(number), key });
    const account = accounts[round % 2] ?? key;
    const answer = await host.tryJoin(bindingTo(`account ${number}`, host.hostId, { coordinatorId, key: account }));
    siege.note(answer?.t ?? 'cut off');
    if (answer?.t === 'welcome') await vote(siege, host, DEEDS[round % DEEDS.length] ?? lie).catch(() => {});
    host.close();
    await siege.pause((answer?.t === 'refuse' && answer.retryAfterMs) || AGAIN_MS);
  }
}

async function vote(siege: Siege, host: SiegeHost, deed: Deed): Promise<void> {
  for (const lease of await host.lease(siege.target.honestProjectId, 16)) {
    siege.note('units leased', indexesOf(lease).length);
    await deed(siege, host, lease);
  }
}

async function renewForEver(siege: Siege, host: SiegeHost, { leaseId }: Lease): Promise<void> {
  for (let fuel = 1; siege.mayGoOn(); fuel++) {
    if (!(await renew(siege, host, { leaseId, fuel }))) return;
    await siege.pause(RENEW_MS);
  }
}

async function renew(
  { target: { coordinatorId } }: Siege,
  host: SiegeHost,
  { leaseId, fuel }: { leaseId: LeaseId; fuel: number },
): Promise<boolean> {
  const said = { version: 1, hostId: host.hostId, leases: [[leaseId, fuel, fuel, 0]] };
  const progress = new Uint8Array(seal(said, { type: 'progress', coordinatorId }, host.key));
  const answer = await host.ask({ t: 'lease.renew', leaseIds: [leaseId], progress });
  return answer.t === 'lease.renewed' && answer.leases.length > 0;
}

/** Each says another amount of fuel: their failures agree no more than their lies. */
function failuresOf(lease: Lease, kind: 'unit-failure' | 'host-failure', code: string): FailureItem[] {
  const chainRoot = kind === 'host-failure' ? null : new Uint8Array(32).fill(7);
  const facts = {
    exitCode: 1,
    elapsedMs: 1,
    fuel: chainRoot ? randomInt(2 ** 40) : 0,
    markCount: chainRoot ? 1 : 0,
    chainRoot,
  };
  return indexesOf(lease).map((index) => ({ index, kind, code, message: 'no', stderrTail: '', ...facts }));
}

// One person with two accounts and twelve host keys against three honest computers: lies, failures that are made up, leases that run out, leases that are
// renewed for ever. Nothing wrong is accepted from one network, nothing good is lost, and the honest come to the end.
import { type Lease, type Outcome, seal } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { openWorld } from '../support/open-world.js';
import { keyOf } from '../support/records.js';
import { answerOf, CHAIN_ROOT, indexesOf, TestHost } from '../support/test-host.js';

const UNITS = 200;
const KEYS = 12;
const HONEST = [1, 2, 3];
const LEASE_MINIMUM_MS = 2000;
const TIMEOUT_MS = 10 * 60_000;

type World = Awaited<ReturnType<typeof openWorld>>;
type Deed = (host: TestHost, lease: Lease) => Promise<unknown>;

const lie: Deed = (host, lease) => host.report(host.receipt(lease, { bytes: (index) => `lie ${index}` }));
const failUnits: Deed = (host, lease) =>
  host.report(host.sign(lease, { failures: failuresOf(lease, 'unit-failure', 'MH-UNIT-002') }));
const failHost: Deed = (host, lease) =>
  host.report(host.sign(lease, { failures: failuresOf(lease, 'host-failure', 'MH-HOST-003') }));
const letRunOut: Deed = (host) => host.next(({ t }) => t === 'lease.cancel');
const renewForEver: Deed = async (host, { leaseId }) => {
  for (let fuel = 1; ; fuel++) {
    const said = { version: 1, hostId: host.hostId, leases: [[leaseId, fuel, fuel, 0]] };
    const context = { type: 'progress', coordinatorId: host.target.coordinatorId } as const;
    const answer = await host.ask({ t: 'lease.renew', leaseIds: [leaseId], progress: seal(said, context, host.key) });
    if (answer.t !== 'lease.renewed' || answer.leases.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, LEASE_MINIMUM_MS / 4));
  }
};
const DEEDS = [lie, lie, failUnits, failHost, letRunOut, renewForEver];

function failuresOf(lease: Lease, kind: 'unit-failure' | 'host-failure', code: string) {
  const facts = { exitCode: 1, elapsedMs: 1, fuel: 1000, markCount: 1, chainRoot: CHAIN_ROOT };
  return indexesOf(lease).map((index) => ({ index, kind, code, message: 'no', stderrTail: '', ...facts }));
}

/** Takes what it gets, and does with it what is bad for others, until there is nothing more. */
async function attack(
  { join }: World,
  { number, network, isOver }: { number: number; network: number; isOver(): boolean },
): Promise<void> {
  const key = keyOf(`of one person ${number}`);
  for (let round = number; !isOver(); round++) {
    const host = await join(network, { key, account: round % 2 === 0 ? 'one' : 'two', host: number + 1 });
    try {
      const answer = await host.requestWork(16);
      const deed = DEEDS[round % DEEDS.length] ?? lie;
      if (answer.t === 'lease.grant') for (const lease of answer.leases) await deed(host, lease);
      else await pause();
    } catch {
      await pause(); // its connection was ended
    }
    await host.close();
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200));

async function help({ join }: World, network: number, isOver: () => boolean): Promise<void> {
  const host = await join(network);
  while (!isOver()) {
    await host.workAll();
    await pause();
  }
}

async function fight(networks: readonly number[]) {
  const world = await openWorld(UNITS, { leaseMinimumMs: LEASE_MINIMUM_MS });
  let isDone = false;
  const isOver = (): boolean => isDone;
  const attackers = Array.from({ length: KEYS }, (_, number) =>
    attack(world, { number, network: networks[number % networks.length] ?? 0, isOver }),
  );
  const helpers = HONEST.map((network) => help(world, network, isOver));
  let batch = await world.batch();
  while (batch.state === 'open') {
    await pause();
    batch = await world.batch();
  }
  isDone = true;
  await Promise.all([...helpers, ...attackers]);
  const { batchId, client } = world;
  const { outcomes } = (
    await client.call<{ outcomes: Outcome[] }>('GET', `/api/v1/batches/${batchId}/outcomes?limit=500&stdout=1`)
  ).body;
  const wrong = outcomes.filter(
    ({ state, index, stdout }) => state === 'accepted' && stdout !== answerOf(index),
  ).length;
  return { counts: batch.counts, wrong };
}

test('from one network: nothing wrong is accepted, nothing good is lost', { timeout: TIMEOUT_MS }, async () => {
  const { counts, wrong } = await fight([5]);
  expect(wrong).toBe(0);
  expect(counts).toMatchObject({ accepted: UNITS, failed: 0, held: 0 });
});

test('from two networks: the honest finish all the same', { timeout: TIMEOUT_MS }, async () => {
  const { counts, wrong } = await fight([5, 6]);
  console.log(`accepted from two networks: ${wrong} of ${UNITS} wrong`);
  expect(counts.accepted + counts.failed).toBe(UNITS);
  expect(counts.held).toBe(0);
});

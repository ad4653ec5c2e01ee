// Who has a vote, over real connections: a key counts once whatever account it names, copies that are to agree go to different networks, and nobody has more
// units in hand, or longer, than their answers have earned.
import type { Lease } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { openWorld } from '../support/open-world.js';
import { keyOf } from '../support/records.js';
import { until } from '../support/running.js';
import { CHAIN_ROOT, indexesOf, type TestHost } from '../support/test-host.js';

const LIE = (index: number): string => `lie ${index}`;

/** Answers all that the host is given, until there is nothing more for it. */
const lieAll = (host: TestHost): Promise<number> => host.workAll(LIE);

test('a key under two accounts in turn has one vote', async () => {
  const { batch, join } = await openWorld(6);
  const key = keyOf('two faces');
  for (const [at, account] of ['ann', 'bob', 'ann', 'bob'].entries()) {
    const host = await join(at + 1, { key, account });
    await lieAll(host);
    await host.close();
  }
  expect((await batch()).counts).toMatchObject({ accepted: 0, failed: 0 });
  for (const network of [21, 22]) await (await join(network)).workAll();
  expect((await batch()).counts, 'two others are two').toMatchObject({ accepted: 6 });
});

test('a key whose lease ran out gets the unit again, and what it says under both accounts is one word', async () => {
  const { batch, join } = await openWorld(1, { leaseMinimumMs: 1000 });
  const key = keyOf('two faces');
  const first = await join(1, { key, account: 'ann' });
  const [lost] = await first.lease(1);
  await first.next(({ t }) => t === 'lease.cancel');
  await first.close();
  const second = await join(2, { key, account: 'bob' });
  const [again] = await second.lease(1);
  if (!lost || !again) throw new Error('no leases');
  await second.report(second.receipt(again, { bytes: LIE }));
  const late = await second.report(second.receipt(lost, { bytes: LIE }));
  expect((await batch()).counts).toMatchObject({ accepted: 0 });
  expect(late).toEqual([[0, 'settled', 'MH-RCP-002']]);
});

test('two computers of one network do not agree with each other, and the batch says what it waits for', async () => {
  const { client, scientist, batch, join } = await openWorld(3);
  for (const host of [1, 2, 3, 4]) await lieAll(await join(5, { host }));
  const waiting = await batch();
  expect(waiting.counts).toMatchObject({ accepted: 0, checking: 3 });
  expect(waiting.isWaitingForNetwork).toBe(true);
  const page = await client.call<string>('GET', `/projects/${scientist.projectId}`);
  expect(String(page.body)).toContain('--shared-network');
  for (const network of [6, 7]) await (await join(network)).workAll();
  expect(await batch()).toMatchObject({ state: 'complete', isWaitingForNetwork: false, counts: { accepted: 3 } });
});

test('within a network that its operator calls shared each computer counts, and the page says so', async () => {
  const { client, scientist, batch, join } = await openWorld(3, { sharedNetworks: ['127.0.5.0/24'] });
  for (const host of [1, 2]) await (await join(5, { host })).workAll();
  expect(await batch()).toMatchObject({ state: 'complete', counts: { accepted: 3 } });
  const page = await client.call<string>('GET', `/projects/${scientist.projectId}`);
  expect(String(page.body)).toContain('127.0.5.0/24');
});

test('unit failures of one network are one report', async () => {
  const { batch, join } = await openWorld(2);
  const fail = async (host: TestHost): Promise<void> => {
    for (const lease of await host.lease(2).catch((): Lease[] => [])) {
      const words = { code: 'MH-UNIT-002', message: 'exit code 1', stderrTail: '' };
      const facts = { exitCode: 1, elapsedMs: 1, fuel: 1000, markCount: 1, chainRoot: CHAIN_ROOT };
      const failures = indexesOf(lease).map((index) => ({ index, kind: 'unit-failure' as const, ...facts, ...words }));
      await host.report(host.sign(lease, { failures }));
    }
  };
  for (const host of [1, 2, 3]) await fail(await join(5, { host }));
  expect((await batch()).counts).toMatchObject({ failed: 0 });
  await fail(await join(6));
  expect((await batch()).counts, 'of two networks they are two').toMatchObject({ failed: 2 });
});

test('the cores that a host claims give it no units: it has two in hand, and more with results that agree', async () => {
  const { join } = await openWorld(200);
  const many = await join(1, { cores: 256 });
  const taken: Lease[] = [];
  for (let answer = await many.requestWork(256); answer.t === 'lease.grant'; answer = await many.requestWork(256))
    taken.push(...answer.leases);
  expect(taken.flatMap(indexesOf)).toHaveLength(2);
  const [first] = taken;
  if (!first) throw new Error('no lease');
  many.pushed.length = 0;
  await many.report(many.receipt(first, { indexes: indexesOf(first).slice(0, 1) }));
  await many.next(({ t }) => t === 'work');
  expect((await many.lease(256)).flatMap(indexesOf), 'a result that is handed in frees its place').toHaveLength(1);
  const other = await join(2);
  for (const lease of await other.lease(2)) await other.report(other.receipt(lease));
  const more = await until(
    async () => {
      const answer = await many.requestWork(256);
      return answer.t === 'lease.grant' ? answer.leases.flatMap(indexesOf).length : 0;
    },
    (count) => count > 0,
  );
  expect(more, 'one that agreed is worth two more').toBeGreaterThanOrEqual(2);
});

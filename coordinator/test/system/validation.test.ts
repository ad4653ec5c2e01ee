// Validation over real sockets: what agrees is accepted and credited, what lies is not, and nothing is readable too early.
import { request } from 'node:http';
import type { Leaderboard, Outcome, Unit } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { keyOf } from '../support/records.js';
import { until } from '../support/running.js';
import { scene } from '../support/scene.js';
import { answerOf, bundleOf, CHAIN_ROOT, indexesOf, TestHost } from '../support/test-host.js';

/** The host that is asked for a bundle, and for which. */
async function custodianOf(hosts: readonly TestHost[]) {
  const isWanted = ({ t }: { t: string }): boolean => t === 'bundle.wanted';
  const asked = await until(
    async () => hosts.flatMap((host) => ({ host, wanted: host.taken(isWanted) })).find(({ wanted }) => wanted),
    (found) => found !== undefined,
  );
  if (asked?.wanted?.t !== 'bundle.wanted') throw new Error('no bundle is wanted');
  const { leaseId, index } = asked.wanted;
  return { host: asked.host, path: `/api/v1/leases/${leaseId}/units/${index}/result` };
}

const hexOf = (digest: Uint8Array): string => Buffer.from(digest).toString('hex');

test('two accounts that agree make an accepted result; both are credited for their fuel', async () => {
  const { coordinator, client, batch } = await scene(4);
  const [first, second] = await Promise.all([TestHost.join(coordinator), TestHost.join(coordinator)]);
  for (const host of [first, second])
    for (const lease of await host.lease()) {
      const items = await host.report(host.receipt(lease));
      expect(items).toEqual(indexesOf(lease).map((index) => [index, 'settled', null]));
    }
  for (const host of [first, second]) await host.workAll();
  const counts = { total: 4, waiting: 0, held: 0, running: 0, checking: 0, accepted: 4, failed: 0 };
  expect((await batch()).counts).toEqual({ ...counts, ended: { cancelled: 0, expired: 0, stopped: 0 } });
  expect((await batch()).creditMilli).toBe(8000);
  const { body } = await client.call<Leaderboard>('GET', '/api/v1/leaderboard?kind=hosts');
  expect(body.rows.map(({ creditMilli, acceptedReplicas }) => [creditMilli, acceptedReplicas])).toEqual([
    [4000, 4],
    [4000, 4],
  ]);
  const { digest, bundle } = bundleOf(answerOf(2));
  const found = await fetch(`${coordinator.url}/api/v1/results/${hexOf(digest)}`);
  expect(new Uint8Array(await found.arrayBuffer())).toEqual(bundle);
});

test('no digest, result or failure can be read before its unit is settled', async () => {
  const { coordinator, client, batchId } = await scene(1);
  const host = await TestHost.join(coordinator);
  const [lease] = await host.lease();
  if (!lease) throw new Error('no lease');
  await host.report(host.receipt(lease));
  const { digest } = bundleOf(answerOf(0));
  expect((await client.call('GET', `/api/v1/results/${hexOf(digest)}`)).status).toBe(404);
  const { body } = await client.call<Unit>('GET', `/api/v1/batches/${batchId}/units/0`);
  expect(body).toMatchObject({ state: 'checking', digest: null });
  expect(body.replicas).toMatchObject([{ state: 'reported', digest: null, code: null, message: null }]);
  expect(JSON.stringify(body)).not.toContain(hexOf(digest));
});

test('a forged receipt is refused and nothing of it is recorded', async () => {
  const { coordinator, batch } = await scene(2);
  const host = await TestHost.join(coordinator);
  const [lease] = await host.lease();
  if (!lease) throw new Error('no lease');
  const byAnother = host.sign(lease, { signer: keyOf('somebody else') });
  expect(await host.report(byAnother)).toBe('MH-SIG-004');
  const honest = host.receipt(lease);
  const bent = { ...honest, envelope: honest.envelope.slice() };
  bent.envelope.set([255 ^ (bent.envelope.at(-3) ?? 0)], bent.envelope.length - 3);
  expect(await host.report(bent)).toBe('MH-SIG-001');
  expect((await batch()).replicas.reported).toBe(0);
});

test('a receipt that another host replays is refused', async () => {
  const { coordinator } = await scene(2);
  const [victim, thief] = await Promise.all([TestHost.join(coordinator), TestHost.join(coordinator)]);
  const [lease] = await victim.lease();
  if (!lease) throw new Error('no lease');
  const receipt = victim.receipt(lease);
  await victim.report(receipt);
  expect(await thief.report(receipt)).toBe('MH-SIG-004');
  const resigned = thief.receipt(lease); // its own name under another's lease
  expect(await thief.report(resigned)).toEqual(indexesOf(lease).map((index) => [index, 'refused', 'MH-LSE-001']));
});

test('a duplicated receipt changes nothing, a contradicting one is refused', async () => {
  const { coordinator, batch } = await scene(2);
  const [first, second] = await Promise.all([TestHost.join(coordinator), TestHost.join(coordinator)]);
  const [lease] = await first.lease();
  if (!lease) throw new Error('no lease');
  const receipt = first.receipt(lease);
  await first.report(receipt);
  expect(await first.report(receipt)).toEqual(indexesOf(lease).map((index) => [index, 'settled', 'MH-RCP-001']));
  const other = first.receipt(lease, { bytes: (index) => `changed my mind ${index}` });
  expect(await first.report(other)).toEqual(indexesOf(lease).map((index) => [index, 'refused', 'MH-RCP-004']));
  await second.workAll();
  expect(await first.report(receipt)).toEqual(indexesOf(lease).map((index) => [index, 'settled', 'MH-RCP-001']));
  expect((await batch()).creditMilli).toBe(4000);
});

test('a late receipt for a settled unit is settled without credit', async () => {
  const { coordinator, batch, client } = await scene(1, { leaseMinimumMs: 1000 });
  const slow = await TestHost.join(coordinator);
  const [lease] = await slow.lease();
  if (!lease) throw new Error('no lease');
  await slow.next((message) => message.t === 'lease.cancel');
  const [second, third] = await Promise.all([TestHost.join(coordinator), TestHost.join(coordinator)]);
  await second.workAll();
  await third.workAll();
  expect((await batch()).counts.accepted).toBe(1);
  expect(await slow.report(slow.receipt(lease))).toEqual([[0, 'settled', 'MH-RCP-002']]);
  const { body } = await client.call<Leaderboard>('GET', '/api/v1/leaderboard?kind=hosts');
  expect(body.rows).toHaveLength(2);
});

test('a receipt that speaks of units outside of its lease is refused whole, one for an unknown lease too', async () => {
  const { coordinator } = await scene(3);
  const host = await TestHost.join(coordinator);
  const [lease] = await host.lease(1);
  if (!lease) throw new Error('no lease');
  expect(await host.report(host.receipt(lease, { indexes: [0, 2] }))).toEqual([
    [0, 'refused', 'MH-LSE-002'],
    [2, 'refused', 'MH-LSE-002'],
  ]);
  expect(await host.report(host.receipt(lease, { indexes: [0] })), 'the unit is still its own').toEqual([
    [0, 'settled', null],
  ]);
  const nowhere = { ...lease, leaseId: 'lease_aaaaaaaaaaaaaaaaaaaaaaaaaa' as typeof lease.leaseId };
  expect(await host.report(host.receipt(nowhere, { indexes: [0] }))).toEqual([[0, 'refused', 'MH-LSE-001']]);
});

test('a bundle that does not match its digest is refused, and the unit goes to others', async () => {
  const { coordinator, batch } = await scene(1);
  const [cheat, first, second] = await Promise.all([1, 2, 3].map(() => TestHost.join(coordinator)));
  if (!cheat || !first || !second) throw new Error('no hosts');
  const [lease] = await cheat.lease();
  if (!lease) throw new Error('no lease');
  const { envelope } = cheat.receipt(lease);
  expect(await cheat.report({ envelope, bundles: [[0, bundleOf('something else').bundle]] })).toEqual([
    [0, 'refused', 'MH-RCP-003'],
  ]);
  await first.workAll();
  await second.workAll();
  expect((await batch()).counts.accepted).toBe(1);
});

test('a host that always answers wrongly gets nothing accepted and earns nothing', async () => {
  const { coordinator, client, batch, batchId } = await scene(12);
  const liar = await TestHost.join(coordinator);
  const lies = await liar.workAll((index) => `lie ${index}`);
  expect(lies).toBeGreaterThan(0);
  const honest = await Promise.all([1, 2, 3].map(() => TestHost.join(coordinator)));
  for (const host of honest) await host.workAll();
  expect((await batch()).counts.accepted).toBe(12);
  const { body } = await client.call<{ outcomes: Outcome[] }>('GET', `/api/v1/batches/${batchId}/outcomes`);
  expect(body.outcomes.map(({ index, digest }) => [index, digest]).sort()).toEqual(
    Array.from({ length: 12 }, (_, index) => [index, hexOf(bundleOf(answerOf(index)).digest)]).sort(),
  );
  const { body: board } = await client.call<Leaderboard>('GET', '/api/v1/leaderboard?kind=hosts');
  expect(board.rows.map(({ name }) => name)).not.toContain(liar.welcome?.pseudonym);
  expect(board.rows.reduce((sum, { creditMilli }) => sum + creditMilli, 0)).toBe(24_000);
  const lie = bundleOf('lie 0').digest;
  expect((await client.call('GET', `/api/v1/results/${hexOf(lie)}`)).status).toBe(404);
});

test('a unit that fails in the same way for two accounts has failed, with what it wrote to stderr', async () => {
  const { coordinator, client, batchId } = await scene(1);
  for (const host of await Promise.all([TestHost.join(coordinator), TestHost.join(coordinator)])) {
    const [lease] = await host.lease();
    if (!lease) throw new Error('no lease');
    const said = { code: 'MH-UNIT-002', exitCode: 3, message: 'exit code 3', stderrTail: 'no such gene' };
    const course = { elapsedMs: 4, fuel: 70_000, markCount: 1, chainRoot: CHAIN_ROOT };
    const failure = { index: 0, kind: 'unit-failure' as const, ...course, ...said };
    expect(await host.report(host.sign(lease, { failures: [failure] }))).toEqual([[0, 'settled', null]]);
  }
  const { body } = await client.call<{ outcomes: Outcome[] }>('GET', `/api/v1/batches/${batchId}/outcomes`);
  expect(body.outcomes).toMatchObject([
    { state: 'failed', code: 'MH-VAL-001', cause: 'MH-UNIT-002', exitCode: 3, stderrTail: 'no such gene' },
  ]);
});

test('a large bundle is asked for from one custodian and accepted once it is durable', async () => {
  const { coordinator, client, batch } = await scene(1);
  const large = 'x'.repeat(40_000);
  const hosts = await Promise.all([TestHost.join(coordinator), TestHost.join(coordinator)]);
  for (const host of hosts) {
    const [lease] = await host.lease();
    if (!lease) throw new Error('no lease');
    expect(await host.report(host.receipt(lease, { bytes: () => large }))).toEqual([[0, 'recorded', null]]);
  }
  expect((await batch()).counts).toMatchObject({ accepted: 0, checking: 1 });
  const { host, path } = await custodianOf(hosts);
  const { bundle, digest } = bundleOf(large);
  const put = (bytes: Uint8Array, signer = host.key) => client.call('PUT', path, { bytes, signer });
  expect((await put(bundle, keyOf('nobody'))).body.code).toBe('MH-LSE-001');
  const announced = (signer: typeof host.key, sizeBytes: number) =>
    answerToHead(coordinator.url + path, sizeBytes, client.token('PUT', path, { body: bundle, signer }));
  expect(await announced(keyOf('nobody'), bundle.length)).toContain('MH-LSE-001');
  expect(await announced(host.key, bundle.length + 1)).toContain('MH-GEN-011');
  expect(await answerToHead(coordinator.url + path, 1024, 'Manyhands rubbish')).toContain('MH-SIG-002');
  const headers = { authorization: client.token('PUT', path, { body: bundle, signer: host.key }) };
  expect((await client.call('PUT', path, { bytes: bundle.slice(1), headers })).body.code).toBe('MH-SIG-001');
  expect((await client.call('GET', `/api/v1/results/${hexOf(digest)}`)).status).toBe(404);
  expect((await put(bundle)).status).toBeLessThan(300);
  expect((await batch()).counts.accepted).toBe(1);
  expect((await batch()).creditMilli).toBe(2000);
  const other = hosts.find((candidate) => candidate !== host);
  await other?.next(({ t }) => t === 'bundle.released');
  const found = await fetch(`${coordinator.url}/api/v1/results/${hexOf(digest)}`);
  expect(new Uint8Array(await found.arrayBuffer())).toEqual(bundle);
});

test('a custodian that uploads other bytes has failed; a third host makes the result', async () => {
  const { coordinator, client, batch } = await scene(1);
  const hosts = await Promise.all([1, 2, 3].map(() => TestHost.join(coordinator)));
  const large = 'y'.repeat(40_000);
  for (const host of hosts.slice(0, 2)) {
    const [lease] = await host.lease();
    if (!lease) throw new Error('no lease');
    await host.report(host.receipt(lease, { bytes: () => large }));
  }
  const upload = async (text: string) => {
    const { host, path } = await custodianOf(hosts);
    return client.call('PUT', path, { bytes: bundleOf(text).bundle, signer: host.key });
  };
  expect((await upload('other bytes')).body.code).toBe('MH-RCP-003');
  expect((await batch()).counts.accepted).toBe(0);
  const [third] = hosts.slice(2);
  const [lease] = (await third?.lease()) ?? [];
  if (!third || !lease) throw new Error('no lease');
  await third.report(third.receipt(lease, { bytes: () => large }));
  expect((await upload(large)).status).toBeLessThan(300);
  await until(batch, ({ counts }) => counts.accepted === 1);
  expect((await batch()).creditMilli).toBe(2000);
});

/** What is answered to an upload of which nothing but the head ever comes. */
function answerToHead(url: string, sizeBytes: number, authorization: string): Promise<string> {
  const headers = { authorization, 'content-type': 'application/octet-stream', 'content-length': sizeBytes };
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'PUT', headers }, async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part);
      call.destroy();
      resolve(Buffer.concat(parts).toString());
    });
    call.on('error', reject);
    call.flushHeaders();
  });
}

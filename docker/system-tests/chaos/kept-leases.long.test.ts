// A host that renews its lease for ever, at a coordinator whose leases are short: nobody keeps units from the others.
import { until } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster } from '../support/cluster.js';
import { answers, leaseOf, report } from '../support/raw-answers.js';
import { RawHost } from '../support/raw-host.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ workers: 0, environment: { MANYHANDS_LEASE_MINIMUM_MS: '3000' } });
});
afterAll(() => cluster.stop());

test('a lease that is renewed for ever ends: nobody keeps units from the others', async () => {
  const { app } = await cluster.probe();
  const inputs = [{ name: 'kept', args: ['work', '1'] }];
  const batch = await app.map(inputs, { name: 'kept', timeoutMs: 1000, expectedDurationMs: 1 });
  const keeper = await RawHost.connect(cluster.url);
  const lease = await leaseOf(keeper);
  await until('the end of the lease', async () => {
    const reply = await keeper.request({ t: 'lease.renew', leaseIds: [lease.leaseId] });
    return reply.t !== 'lease.renewed' || reply.leases.length === 0;
  });
  const hosts = [await RawHost.connect(cluster.url), await RawHost.connect(cluster.url)];
  for (const host of hosts) {
    const other = await until('work', () => host.lease(1));
    await report(host, host.sealReceipt(other, answers(other)));
  }
  expect((await batch.status()).counts.accepted).toBe(1);
  // Late: the unit is settled, and nothing is paid for it.
  expect(await report(keeper, keeper.sealReceipt(lease, answers(lease)))).toEqual([['settled', 'MH-RCP-002']]);
  for (const host of [...hosts, keeper]) host.close();
});

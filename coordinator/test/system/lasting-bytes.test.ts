// What stays on the coordinator's disk of what a host says: no more than its news, and within a budget that delays and discards nothing.
import { join } from 'node:path';
import type { Lease, MessageOf, Receipt } from '@manyhands/contract';
import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { hostFailure, unitFailure } from '../support/core.js';
import { testFolder } from '../support/running.js';
import { scene } from '../support/scene.js';
import { bundleOf, CHAIN_ROOT, TestHost } from '../support/test-host.js';

const TEXT = { message: 'é'.repeat(500), stderrTail: '€'.repeat(4096) };
/** Of an item with these texts. */
const TEXT_BYTES = 13_000;
type Said = Parameters<TestHost['sign']>[1];
type Failure = Receipt['failures'][number];

async function one(host: TestHost): Promise<Lease> {
  const [lease] = await host.lease(1);
  if (!lease) throw new Error('no lease');
  return lease;
}

const indexIn = ({ ranges }: Lease): number => ranges[0]?.[0] ?? -1;

/** Bytes that receipts and what failed units said take in the database. */
function storedBytes(dataDirectory: string): number {
  const db = new BetterSqlite3(join(dataDirectory, 'coordinator.sqlite'), { readonly: true });
  try {
    const sql = `SELECT (SELECT coalesce(sum(length(envelope)), 0) FROM receipt)
      + (SELECT coalesce(sum(length(CAST(message AS BLOB)) + length(CAST(stderr_tail AS BLOB))), 0) FROM replica_failure)
      + (SELECT coalesce(sum(length(bytes)), 0) FROM bundle)`;
    return db.prepare(sql).pluck().get() as number;
  } finally {
    db.close();
  }
}

test('receipts padded with units that were not leased leave nothing behind', async () => {
  const dataDirectory = await testFolder();
  const { coordinator } = await scene(300, { dataDirectory });
  const host = await TestHost.join(coordinator);
  const padding = (from: number): Failure[] =>
    Array.from({ length: 60 }, (_, offset) => ({ ...hostFailure(from + offset), ...TEXT }));
  for (let round = 0; round < 5; round++) {
    const lease = await one(host);
    const index = indexIn(lease);
    const { digest, bundle } = bundleOf(`answer ${index}`);
    const success: Receipt['successes'][number] = [index, digest, bundle.length, 5, 5_000_000, 3, CHAIN_ROOT];
    const said = { successes: [success], failures: padding(200), bundles: [[index, bundle]] } satisfies Said;
    const items = await host.report(host.sign(lease, said));
    expect(items).toHaveLength(61);
    expect((items as [number, string, string][]).every(([, status]) => status === 'refused')).toBe(true);
    expect(await host.report(host.receipt(lease)), 'the unit is still its own').toEqual([[index, 'settled', null]]);
  }
  expect(storedBytes(dataDirectory)).toBeLessThan(5 * 2000);
});

test('units of the own lease that have spoken are no way to store more', async () => {
  const dataDirectory = await testFolder();
  const { coordinator, batch } = await scene(20, { dataDirectory });
  const host = await TestHost.join(coordinator);
  const [lease] = await host.lease(2);
  if (!lease) throw new Error('no lease');
  const [first, second] = [indexIn(lease), indexIn(lease) + 1];
  const said = { ...unitFailure(first), ...TEXT };
  expect(await host.report(host.sign(lease, { failures: [said] }))).toEqual([[first, 'settled', null]]);
  const before = storedBytes(dataDirectory);
  expect(before).toBeGreaterThan(TEXT_BYTES);
  const { digest, bundle } = bundleOf('answer');
  const success: Receipt['successes'][number] = [second, digest, bundle.length, 5, 5_000_000, 3, CHAIN_ROOT];
  const news = { successes: [success], bundles: [[second, bundle]] } satisfies Said;
  expect(await host.report(host.sign(lease, { ...news, failures: [said] }))).toBe('MH-RCP-007');
  const answered = (await host.next(({ t }) => t === 'receipts.ack')) as MessageOf<'receipts.ack'>;
  expect(answered.items).toEqual([[first, 'settled', 'MH-RCP-001']]);
  expect(storedBytes(dataDirectory)).toBe(before);
  expect(await host.report(host.sign(lease, news))).toEqual([[second, 'settled', null]]);
  expect((await batch()).replicas.reported).toBe(2);
});

test('who brings about more than its budget without being confirmed is told a time, and loses nothing', async () => {
  const hostLastingBytes = 64 * 1024;
  const isEarlier = process.env.MANYHANDS_UNDER_TEST !== undefined; // which knows no such option
  const { coordinator, batch } = await scene(40, isEarlier ? {} : { hostLastingBytes });
  const host = await TestHost.join(coordinator);
  const bytes = (index: number): string => String(index).padEnd(12_000, '.');
  let later: MessageOf<'lease.later'> | undefined;
  while (!later) {
    const answer = await host.requestWork(1);
    if (answer.t === 'lease.later') later = answer;
    if (answer.t !== 'lease.grant') break;
    for (const lease of answer.leases) await host.report(host.receipt(lease, { bytes }));
  }
  expect(later).toMatchObject({ code: 'MH-RCP-006' });
  expect(later?.retryAfterMs).toBeGreaterThan(0);
  const reported = (await batch()).replicas.reported;
  expect(reported).toBeLessThan(10);
  const other = await TestHost.join(coordinator);
  for (let done = 0; done < reported; ) {
    const answer = await other.requestWork(1);
    if (answer.t !== 'lease.grant') throw new Error(`no work: ${JSON.stringify(answer)}`);
    for (const lease of answer.leases) await other.report(other.receipt(lease, { bytes }));
    done = (await batch()).counts.accepted;
  }
  const again = await host.requestWork(1);
  expect(again.t, 'what is confirmed is given back').toBe('lease.grant');
});

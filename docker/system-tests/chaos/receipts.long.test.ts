// Receipts that are forged, stolen, replayed, contradicted or late: a coordinator that is a process of its own, killed in between.
import { manyhands } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster, LONG_LEASES } from '../support/cluster.js';
import { answers, leaseOf, report } from '../support/raw-answers.js';
import { newKeyPair, RAW_CREDIT_MILLI, RawHost } from '../support/raw-host.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ workers: 0, environment: LONG_LEASES });
});
afterAll(() => cluster.stop());

async function batchOf(name: string, unitCount: number) {
  const { app } = await cluster.probe();
  const inputs = Array.from({ length: unitCount }, (_, index) => ({ name: `${name}-${index}`, args: ['work', '1'] }));
  return app.map(inputs, { name, timeoutMs: 1000, expectedDurationMs: 1 });
}

const creditOf = () =>
  cluster.query<{ account: number; milli: number }>(
    'SELECT account_row_id AS account, sum(amount_milli) AS milli FROM ledger GROUP BY account_row_id',
  );

test('forged, stolen and replayed receipts give nothing, not even after kill -9 of the coordinator', async () => {
  const batch = await batchOf('forged', 1);
  const [owner, thief] = [await RawHost.connect(cluster.url), await RawHost.connect(cluster.url)];
  const lease = await leaseOf(owner);
  const good = owner.sealReceipt(lease, answers(lease));
  const forged = good.envelope.with(-1, (good.envelope.at(-1) ?? 0) ^ 1);
  expect(await report(owner, { ...good, envelope: forged })).toMatch(/^MH-SIG-00[12]$/);
  expect(await report(thief, good)).toBe('MH-SIG-004');
  expect(await report(thief, thief.sealReceipt(lease, answers(lease), { hostId: owner.hostId }))).toBe('MH-SIG-004');
  expect(await report(thief, thief.sealReceipt(lease, answers(lease)))).toEqual([['refused', 'MH-LSE-001']]);
  expect((await batch.status()).counts).toMatchObject({ running: 1, checking: 0 });
  expect(await report(owner, good)).toEqual([['settled', null]]);
  await cluster.coordinator.kill();
  await cluster.startCoordinator();
  const back = await RawHost.connect(cluster.url, { keyPair: owner.keyPair });
  expect(await report(back, good)).toEqual([['settled', 'MH-RCP-001']]);
  expect(await report(back, back.sealReceipt(lease, answers(lease, 'lie')))).toEqual([['refused', 'MH-RCP-004']]);
  expect(creditOf()).toEqual([]);
  const second = await RawHost.connect(cluster.url);
  const other = await leaseOf(second);
  await report(second, second.sealReceipt(other, answers(other)));
  expect((await batch.status()).counts.accepted).toBe(1);
  expect(creditOf().map(({ milli }) => milli)).toEqual([RAW_CREDIT_MILLI, RAW_CREDIT_MILLI]);
  for (const host of [back, second]) host.close();
});

test('an account switch between lease and receipt: the account that leased speaks, once', async () => {
  const batch = await batchOf('switched', 1);
  const account = newKeyPair();
  const before = await RawHost.connect(cluster.url);
  const lease = await leaseOf(before);
  before.close();
  const after = await RawHost.connect(cluster.url, { keyPair: before.keyPair, account });
  const receipt = after.sealReceipt(lease, answers(lease));
  expect(await report(after, receipt)).toEqual([['settled', null]]);
  expect((await batch.status()).counts).toMatchObject({ accepted: 0, checking: 1 });
  // Another host of the account that joined may take part; two hosts of one account may not.
  const sibling = await RawHost.connect(cluster.url, { account });
  const theirs = await leaseOf(sibling);
  const twin = await RawHost.connect(cluster.url, { account });
  expect(await twin.lease(1), 'two hosts of one account on one unit').toBeUndefined();
  await report(sibling, sibling.sealReceipt(theirs, answers(theirs)));
  expect((await batch.status()).counts.accepted).toBe(1);
  expect(await report(after, receipt)).toEqual([['settled', 'MH-RCP-001']]);
  const replicas = cluster.query<{ accounts: number }>(
    'SELECT count(DISTINCT account_row_id) AS accounts FROM replica GROUP BY unit_id ORDER BY unit_id DESC LIMIT 1',
  );
  expect(replicas).toEqual([{ accounts: 2 }]);
  for (const host of [after, sibling, twin]) host.close();
});

test('digests of units that failed in disagreement stay hidden, for they may be tried again', async () => {
  const batch = await batchOf('disputed', 1);
  for (let number = 0; number < 8; number++) {
    const host = await RawHost.connect(cluster.url);
    const lease = await leaseOf(host);
    await report(host, host.sealReceipt(lease, answers(lease, `opinion ${number}`)));
    host.close();
  }
  expect((await batch.status()).counts.failed).toBe(1);
  const unit = await batch.unit(0);
  expect(unit).toMatchObject({ state: 'failed', code: 'MH-VAL-002', digest: null });
  expect(unit.replicas).toHaveLength(8);
  expect(unit.replicas.every(({ digest }) => digest === null)).toBe(true);
});

test('what a host says of a failure cannot steer the terminal of who reads it', async () => {
  const batch = await batchOf('steered', 1);
  const steering = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202eevil';
  for (let number = 0; number < 2; number++) {
    const host = await RawHost.connect(cluster.url);
    const lease = await leaseOf(host);
    const failure = { index: 0, kind: 'unit-failure', code: 'MH-UNIT-002', exitCode: 3, elapsedMs: 1 } as const;
    const proof = { fuel: 5, markCount: 1, chainRoot: new Uint8Array(32) };
    const failures = [{ ...failure, ...proof, message: `said ${steering}`, stderrTail: `wrote ${steering}\n` }];
    await report(host, host.sealReceipt(lease, [], { failures }));
    host.close();
  }
  expect((await batch.status()).counts.failed).toBe(1);
  const shown = await manyhands([
    'batch',
    'show',
    batch.id,
    '--coordinator',
    cluster.url,
    '--data',
    cluster.path('reader'),
  ]);
  const text = shown.lines.map((line) => String(line.text)).join('\n');
  expect(text).toContain('said');
  expect(text).toContain('wrote');
  expect(`${text}${shown.stderr}`).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
});

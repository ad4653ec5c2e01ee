// A host that always answers wrongly, among four honest ones: none of its results is accepted, it earns nothing, and nobody reads results early.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectExactCredit, expectedRuns, probeInputs } from '../support/audit.js';
import { Cluster, LONG_LEASES } from '../support/cluster.js';
import { indexesOf, RawHost } from '../support/raw-host.js';

const UNITS = 24;
let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ workers: 0, environment: LONG_LEASES });
});
afterAll(() => cluster.stop());

test('one liar of five', async () => {
  const { app } = await cluster.probe();
  const batch = await app.map(probeInputs(UNITS, 2), { name: 'liar' });
  const liar = await RawHost.connect(cluster.url);
  // Alone, it answers everything first: its lies are the first receipts of every unit.
  let lies = 0;
  for (let lease = await liar.lease(256); lease; lease = await liar.lease(256)) {
    const results = indexesOf(lease).map((index) => ({
      index,
      result: { exitCode: 0, stdout: new TextEncoder().encode(`lie ${index}\n`), files: [] },
    }));
    const { envelope, bundles } = liar.sealReceipt(lease, results);
    const reply = await liar.request({ t: 'receipts', envelope, bundles });
    expect(reply.t).toBe('receipts.ack');
    lies += results.length;
    // Not readable before acceptance, not even by whoever wrote it and so knows the digest.
    for (const { index } of results.slice(0, 2)) {
      const unit = await cluster.getJson<{ digest: unknown; replicas: { digest: unknown }[] }>(
        `/api/v1/batches/${batch.id}/units/${index}`,
      );
      expect([unit.digest, ...unit.replicas.map(({ digest }) => digest)].every((digest) => digest === null)).toBe(true);
    }
    const digest = Buffer.from(liar.sealReceipt(lease, results.slice(0, 1)).bundles[0]?.[1] ?? []);
    expect(
      (await fetch(`${cluster.url}/api/v1/results/${createHash('sha256').update(digest).digest('hex')}`)).status,
    ).toBe(404);
  }
  expect(lies).toBe(UNITS);
  for (const name of ['one', 'two', 'three', 'four']) await cluster.startWorker(name);
  const texts = new Map<string, string>();
  for await (const result of batch.results()) texts.set(result.name, result.text());
  expect(texts.size).toBe(UNITS);
  for (const [name, text] of texts) expect(text, name).toMatch(/^[0-9a-f]{16}\n$/);
  const board = await cluster.getJson<{ rows: { name: string; creditMilli: number }[] }>(
    '/api/v1/leaderboard?kind=hosts',
  );
  expect(board.rows.find(({ name }) => name === liar.pseudonym)?.creditMilli ?? 0).toBe(0);
  expect(board.rows.length).toBeGreaterThan(1);
  expectExactCredit(cluster, { units: UNITS, fuel: (await expectedRuns(UNITS, 2)).fuel });
  liar.close();
});

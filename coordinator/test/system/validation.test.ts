// Validation over real sockets: what agrees is accepted and credited, what lies is not, and nothing is readable too early.
import type { Batch, Leaderboard } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { Client, OPERATOR_TOKEN, started, until } from '../support/running.js';
import { Scientist, unitOf } from '../support/scientist.js';
import { answerOf, bundleOf, indexesOf, TestHost } from '../support/test-host.js';

async function scene(unitCount: number, options: Parameters<typeof started>[0] = {}) {
  const coordinator = await started(options);
  const client = new Client(coordinator);
  const scientist = await new Scientist(client).prepare();
  const units = Array.from({ length: unitCount }, (_, index) => unitOf(`unit-${String(index).padStart(4, '0')}`));
  const submitted = await scientist.submit({ units });
  expect(submitted.status).toBe(200);
  const { batchId } = submitted.body;
  const batch = async (): Promise<Batch> => (await client.call<Batch>('GET', `/api/v1/batches/${batchId}`)).body;
  return { coordinator, client, scientist, batchId, batch };
}

test('two accounts that agree make an accepted result; both are credited what the app version declares', async () => {
  const { coordinator, client, batch } = await scene(4);
  const [first, second] = await Promise.all([TestHost.join(coordinator), TestHost.join(coordinator)]);
  for (const host of [first, second])
    for (const lease of await host.lease()) {
      const items = await host.report(host.receipt(lease));
      expect(items).toEqual(indexesOf(lease).map((index) => [index, 'settled', null]));
    }
  for (const host of [first, second]) await host.workAll();
  expect((await batch()).counts).toEqual({ total: 4, waiting: 0, running: 0, checking: 0, accepted: 4, failed: 0 });
  expect((await batch()).creditMilli).toBe(8000);
  const { body } = await client.call<Leaderboard>('GET', '/api/v1/leaderboard?kind=hosts');
  expect(body.rows.map(({ creditMilli, acceptedReplicas }) => [creditMilli, acceptedReplicas])).toEqual([
    [4000, 4],
    [4000, 4],
  ]);
  const { digest, bundle } = bundleOf(answerOf(2));
  const found = await fetch(`${coordinator.url}/api/v1/results/${Buffer.from(digest).toString('hex')}`);
  expect(new Uint8Array(await found.arrayBuffer())).toEqual(bundle);
});

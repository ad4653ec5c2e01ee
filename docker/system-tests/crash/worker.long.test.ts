// kill -9 of a worker and of its executor at random moments: the worker comes back to its journal, the batch completes, nothing is paid twice.
import { childrenOf, innermostOf, randomOf, until } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acceptedUnits, expectExactCredit, expectedRuns, probeInputs } from '../support/audit.js';
import { Cluster } from '../support/cluster.js';

const UNITS = 60;
/** Units accepted from one kill to the next: far fewer than there are, so that each kill comes in mid-batch. */
const NEW_MAXIMUM = 8;
let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ workers: 2, environment: { MANYHANDS_LEASE_MINIMUM_MS: '15000' } });
});
afterAll(() => cluster.stop());

test('a worker is killed and started again, and an executor is killed', async () => {
  const random = randomOf('crash/worker');
  const { app } = await cluster.probe();
  const batch = await app.map(probeInputs(UNITS, 80), { name: 'killed' });
  const texts = new Map<string, string>();
  const collecting = (async () => {
    for await (const result of batch.results()) texts.set(result.name, result.text());
  })();
  let accepted = 0;
  for (let kill = 0; kill < 2; kill++) {
    const enough = accepted + 1 + Math.floor(random() * NEW_MAXIMUM);
    await until(`${enough} accepted units`, () => acceptedUnits(cluster).length >= enough);
    await cluster.workers.get('worker-1')?.kill();
    accepted = acceptedUnits(cluster).length;
    await cluster.startWorker('worker-1');
  }
  await until('another accepted unit', () => acceptedUnits(cluster).length > accepted);
  expect(accepted).toBeLessThan(UNITS);
  const [executor] = await until('the executor of worker-2', () => {
    const found = childrenOf(cluster.workers.get('worker-2')?.pid ?? 0, 'executor');
    return found.length > 0 ? found : undefined;
  });
  process.kill(innermostOf(executor ?? 0), 'SIGKILL');
  await collecting;
  const expected = await expectedRuns(UNITS, 80);
  expect(Object.fromEntries(texts)).toEqual(expected.texts);
  expectExactCredit(cluster, { units: UNITS, fuel: expected.fuel });
  // No account ever had two replicas of one unit, and the same host kept its leases over the kill.
  const twice = cluster.query('SELECT unit_id FROM replica GROUP BY unit_id, account_row_id HAVING count(*) > 1');
  expect(twice).toEqual([]);
});

test('the overlay child of the coordinator is killed: blocks are served again, the batch completes', async () => {
  const seeds = childrenOf(cluster.coordinator.pid, 'seed');
  expect(seeds).toHaveLength(1);
  const { app } = await cluster.probe();
  process.kill(seeds[0] ?? 0, 'SIGKILL');
  const batch = await app.map(probeInputs(10, 20), {
    name: 'without-seed',
    files: { 'large.bin': new Uint8Array(3 * 2 ** 20).fill(7) },
  });
  const names: string[] = [];
  for await (const result of batch.results()) names.push(result.name);
  expect(names).toHaveLength(10);
  const again = await until('another seed', () => {
    const found = childrenOf(cluster.coordinator.pid, 'seed');
    return found.length > 0 && found[0] !== seeds[0] && found;
  });
  expect(again).not.toEqual(seeds);
});

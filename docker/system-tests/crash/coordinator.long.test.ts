// kill -9 of the coordinator in mid-batch, at random moments: everything acknowledged survives, nothing accepted is computed again, credit is exact.
import { randomOf, until } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acceptedUnits, expectExactCredit, expectedRuns, probeInputs } from '../support/audit.js';
import { Cluster } from '../support/cluster.js';

const UNITS = 80;
const KILLS = 3;
/** Units accepted from one kill to the next: far fewer than there are, so that each kill comes in mid-batch. */
const NEW_MAXIMUM = 8;
let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ workers: 3, environment: { MANYHANDS_LEASE_MINIMUM_MS: '15000' } });
});
afterAll(() => cluster.stop());

test('the batch completes after three kills', async () => {
  const random = randomOf('crash/coordinator');
  const { app } = await cluster.probe();
  const batch = await app.map(probeInputs(UNITS, 60), { name: 'killed' });
  const texts = new Map<string, string>();
  const collecting = (async () => {
    for await (const result of batch.results()) texts.set(result.name, result.text());
  })();
  let acceptedBefore = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    // Not before something new was acknowledged, and then at any moment.
    const enough = acceptedBefore + 1 + Math.floor(random() * NEW_MAXIMUM);
    await until(`${enough} accepted units`, () => acceptedUnits(cluster).length >= enough);
    await cluster.coordinator.kill();
    const accepted = acceptedUnits(cluster);
    expect(accepted.length, 'acknowledged before the kill').toBeGreaterThan(acceptedBefore);
    acceptedBefore = accepted.length;
    await cluster.startCoordinator();
    // The same replicas, the same bytes, for ever.
    const remembered = JSON.stringify(accepted);
    const now = new Map(acceptedUnits(cluster).map((unit) => [unit.id, unit]));
    expect(JSON.stringify(accepted.map(({ id }) => now.get(id)))).toBe(remembered);
    if (kill === KILLS - 1) {
      await collecting;
      const final = new Map(acceptedUnits(cluster).map((unit) => [unit.id, unit]));
      expect(JSON.stringify(accepted.map(({ id }) => final.get(id)))).toBe(remembered);
    }
  }
  expect(acceptedBefore, 'the kills came in mid-batch').toBeLessThan(UNITS);
  const expected = await expectedRuns(UNITS, 60);
  expect(Object.fromEntries(texts)).toEqual(expected.texts);
  expectExactCredit(cluster, { units: UNITS, fuel: expected.fuel });
});

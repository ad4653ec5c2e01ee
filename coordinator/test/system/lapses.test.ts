// Leases that run out, over real connections: who lost one is at work again at once, and a unit that nobody brings to its end is held.
import { type Batch, encodeMessage, type MessageToCoordinator, type Unit } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { keyOf } from '../support/records.js';
import { until } from '../support/running.js';
import { prepared, scene } from '../support/scene.js';
import { unitOf } from '../support/scientist.js';
import { indexesOf, TestHost } from '../support/test-host.js';

const LIMITS = { timeoutMs: 60_000, outputMaximumBytes: 100_000, fuelMaximum: 2 ** 42, expectedDurationMs: 1 };

/** A batch in which one answer is enough, and leases of which run out soon: the tests wait for it. */
async function briefly(unitCount: number, leaseMinimumMs: number) {
  const { coordinator, client, scientist } = await prepared({ leaseMinimumMs });
  const units = Array.from({ length: unitCount }, (_, index) => unitOf(`unit-${index}`));
  const { batchId } = (await scientist.submit({ units, quorum: 1, root: { limits: LIMITS } })).body;
  const batch = async (): Promise<Batch> => (await client.call<Batch>('GET', `/api/v1/batches/${batchId}`)).body;
  return { coordinator, client, scientist, batchId, batch };
}

test('a host that lost its lease gets a unit at once, the first that it lost', async () => {
  const { coordinator, batch } = await briefly(40, 1000);
  const sleeper = await TestHost.join(coordinator, { key: keyOf('sleeper') });
  const lost = (await sleeper.lease(2)).flatMap(indexesOf);
  expect(lost).toEqual([0, 1]);
  await sleeper.next(({ t }) => t === 'lease.cancel');
  const [again] = await sleeper.lease(4);
  if (!again) throw new Error('no lease');
  expect(indexesOf(again)).toEqual([0]);
  await sleeper.report(sleeper.receipt(again));
  expect((await batch()).counts).toMatchObject({ accepted: 1, failed: 0 });
});

test('a result makes room for more, and the host hears of it', async () => {
  const { coordinator } = await briefly(40, 1000);
  const sleeper = await TestHost.join(coordinator, { key: keyOf('sleeper') });
  await sleeper.lease(4);
  await sleeper.next(({ t }) => t === 'lease.cancel');
  await until(
    async () => {
      const answer = await sleeper.requestWork(1);
      if (answer.t !== 'lease.grant') return undefined;
      const [lease] = answer.leases;
      const next = await sleeper.requestWork(1);
      if (!lease || next.t !== 'lease.later') return undefined;
      sleeper.pushed.length = 0;
      await sleeper.report(sleeper.receipt(lease));
      return sleeper.next(({ t }) => t === 'work');
    },
    (told) => told !== undefined,
  );
});

test('a grant that was lost with its connection keeps no units: the host, come anew, names what it has', async () => {
  const { coordinator } = await briefly(3, 60 * 60_000);
  const key = keyOf('on a poor line');
  const before = await TestHost.join(coordinator, { key });
  const [got] = await before.lease(1);
  const lost = (await before.lease(1)).flatMap(indexesOf);
  before.socket.terminate();
  const host = await TestHost.join(coordinator, { key });
  const again = await host.requestWork(1, { heldLeases: got ? [got.leaseId] : [] });
  expect(again.t === 'lease.grant' && again.leases.flatMap(indexesOf)).toEqual(lost);
});

test('a unit that runs out on hosts of four networks is held until its owner opens it again', async () => {
  const { client, coordinator, scientist, batchId, batch } = await briefly(90, 1000);
  let networks = 0;
  for (; (await batch()).counts.held === 0; networks++) {
    const host = await TestHost.join(coordinator, { localAddress: `127.0.${networks + 1}.1` });
    const leases = await host.lease(3);
    for (const lease of leases)
      await host.report(host.receipt(lease, { indexes: indexesOf(lease).filter((index) => index > 0) }));
    await host.next(({ t }) => t === 'lease.cancel');
    await host.close();
  }
  expect(networks).toBeGreaterThanOrEqual(4);
  const unit = await client.call<Unit>('GET', `/api/v1/batches/${batchId}/units/0`);
  expect(unit.body).toMatchObject({ state: 'waiting', isHeld: true, code: 'MH-VAL-008' });
  const { units } = (await client.call<{ units: Unit[] }>('GET', `/api/v1/batches/${batchId}/units?state=held`)).body;
  expect(units).toMatchObject([{ index: 0, isHeld: true }]);
  const helper = await TestHost.join(coordinator);
  const finish = async (): Promise<Batch> => {
    await helper.workAll();
    return batch();
  };
  const held = await until(finish, ({ counts }) => counts.accepted === 89);
  expect(held).toMatchObject({ state: 'open', counts: { waiting: 1, held: 1, failed: 0 } });
  expect(await helper.requestWork()).toMatchObject({ t: 'lease.later', openUnitCount: 0 });
  const page = await fetch(`${coordinator.url}/projects/${scientist.projectId}`).then((answer) => answer.text());
  expect(page).toContain('1 held');
  const call = { json: { indexes: null }, signer: scientist.key };
  expect((await client.call('POST', `/api/v1/batches/${batchId}/retry`, call)).body).toEqual({ retried: 1 });
  expect(await until(finish, ({ state }) => state === 'complete')).toMatchObject({ counts: { accepted: 90, held: 0 } });
});

test('running counts what hosts say they compute, and of older hosts what they have leased', async () => {
  const { coordinator, batch, client } = await scene(8);
  const say = (host: TestHost, message: Omit<MessageToCoordinator & { t: 'state' }, 't'>): void =>
    host.socket.send(encodeMessage({ t: 'state', ...message }));
  const [newer, older] = [await TestHost.join(coordinator), await TestHost.join(coordinator)];
  expect(newer.welcome?.features).toContain('computing');
  const [lease] = await newer.lease(4);
  if (!lease) throw new Error('no lease');
  say(newer, { state: 'working', runningUnits: 1, computing: [[lease.leaseId, [[0, 1]]]] });
  const counts = async (): Promise<Batch['counts']> => (await batch()).counts;
  await until(counts, ({ running, waiting }) => running === 1 && waiting === 7);
  say(older, { state: 'working', runningUnits: 1 });
  expect((await older.lease(2)).flatMap(indexesOf)).toEqual([0, 1]);
  expect(await counts(), 'units that both have count once').toMatchObject({ running: 2, waiting: 6 });
  const stranger = [[lease.leaseId, [[0, 4]]]] as [typeof lease.leaseId, [number, number][]][];
  say(older, { state: 'working', runningUnits: 4, computing: stranger });
  await until(counts, ({ running }) => running === 1);
  const all = await until(
    async () => (await client.call<{ units: Batch['counts'] }>('GET', '/api/v1/stats')).body.units,
    ({ running }) => running === 1,
  );
  expect(all.waiting).toBe(7);
  await newer.close();
  await until(counts, ({ running, waiting }) => running === 0 && waiting === 8);
});

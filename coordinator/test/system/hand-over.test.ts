// A unit that goes from one host to another over real sockets: upload, signed hand-over, offer, download, credit for both.
import { type Leaderboard, type Lease, type MessageOf, type Unit } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { checkpointOf, keyOfFuel, sha256, signedHandOver } from '../support/hand-over.js';
import { scene } from '../support/scene.js';
import { TestHost } from '../support/test-host.js';

type Scene = Awaited<ReturnType<typeof scene>>;
const FUEL = 540_000_000_000;

const pathOf = ({ leaseId }: Lease, index = 0): string => `/api/v1/leases/${leaseId}/units/${index}/checkpoint`;

async function one(host: TestHost): Promise<Lease> {
  const [lease] = await host.lease(1);
  if (!lease) throw new Error('no lease');
  return lease;
}

async function say({ coordinator }: Scene, host: TestHost, { lease, fuel = FUEL }: { lease: Lease; fuel?: number }) {
  const { coordinatorId } = coordinator;
  const answer = await host.ask({ t: 'hand.over', ...signedHandOver(host, { lease, coordinatorId }, { fuel }) });
  return answer.t === 'error' ? (answer as MessageOf<'error'>).code : answer.t;
}

test('a host hands a unit over and leaves; another one finishes it, and both are credited', async () => {
  const made = await scene(1);
  const { coordinator, client, batchId } = made;
  const [ann, bob, cid] = await Promise.all([
    TestHost.join(coordinator),
    TestHost.join(coordinator),
    TestHost.join(coordinator),
  ]);
  const lease = await one(ann);
  expect(lease).toMatchObject({ build: 'step', checkpoint: null });
  await bob.workAll();
  const put = (bytes: Uint8Array, signer = ann.key) => client.call('PUT', pathOf(lease), { bytes, signer });
  expect(await put(checkpointOf(FUEL), bob.key)).toMatchObject({ status: 409, body: { code: 'MH-LSE-001' } });
  expect(await say(made, ann, { lease }), 'before the upload').toBe('MH-CKP-005');
  expect((await put(checkpointOf(FUEL))).status).toBe(200);
  expect(await say(made, bob, { lease })).toBe('MH-LSE-001');
  expect(await say(made, ann, { lease })).toBe('ack');
  await ann.close();

  const rest = await one(cid);
  expect(rest.checkpoint?.key).toEqual(keyOfFuel(FUEL));
  const get = async (signer = cid.key) => {
    const headers = { authorization: client.token('GET', pathOf(rest), { body: undefined, signer }) };
    return fetch(coordinator.url + pathOf(rest), { headers });
  };
  const found = await get();
  expect(found.status).toBe(200);
  expect(found.headers.get('cache-control')).toBe('no-store');
  expect(sha256(new Uint8Array(await found.arrayBuffer()))).toEqual(sha256(checkpointOf(FUEL)));
  expect((await get(bob.key)).status).toBe(409);
  expect((await fetch(coordinator.url + pathOf(rest))).status).toBe(401);

  await cid.report(cid.receipt(rest));
  const { body } = await client.call<Leaderboard>('GET', '/api/v1/leaderboard?kind=hosts');
  expect(body.rows.map(({ creditMilli, acceptedReplicas }) => [creditMilli, acceptedReplicas])).toEqual([
    [1000, 1],
    [750, 1],
    [250, 0],
  ]);
  const unit = (await client.call<Unit>('GET', `/api/v1/batches/${batchId}/units/0`)).body;
  expect(unit.replicas.map(({ state, fuel }) => [state, fuel]).sort()).toEqual([
    ['agreed', 4 * FUEL],
    ['agreed', 4 * FUEL],
    ['handed-over', FUEL],
  ]);
  const metrics = await (await fetch(`${coordinator.url}/metrics`)).text();
  expect(metrics).toMatch(/^manyhands_units_handed_over_count 1$/m);
  expect(metrics).toMatch(/^manyhands_checkpoints_stored_count 0$/m);
  expect(metrics).toMatch(/^manyhands_chain_disputes_count 0$/m);
});

test('a checkpoint of many megabytes goes to the disk as it comes; other bytes than signed leave nothing behind', async () => {
  const { coordinator, client } = await scene(1, { checkpointQuotaBytes: 40_000_000 });
  const host = await TestHost.join(coordinator);
  const lease = await one(host);
  const bytes = new Uint8Array(30_000_000).fill(3);
  const headers = { authorization: client.token('PUT', pathOf(lease), { body: checkpointOf(1), signer: host.key }) };
  expect((await client.call('PUT', pathOf(lease), { bytes, headers })).body.code).toBe('MH-SIG-001');
  expect((await client.call('PUT', pathOf(lease), { bytes, signer: host.key })).status).toBe(200);
  const more = await client.call('PUT', pathOf(lease), { bytes, signer: host.key });
  expect(more, 'no room for a second one').toMatchObject({ status: 507, body: { code: 'MH-GEN-010' } });
  const metrics = await (await fetch(`${coordinator.url}/metrics`)).text();
  expect(metrics).toMatch(/^manyhands_checkpoints_stored_bytes 30000000$/m);
});

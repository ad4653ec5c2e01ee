// Uploads in parts over real sockets: durable part by part, resumed after a restart, checked as a whole, bounded by what has arrived.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Batch,
  type CoordinatorInfo,
  dagCborCidOf,
  fromBase64Url,
  type KeyPair,
  type Lease,
  type MessageOf,
  PART_MAXIMUM_BYTES,
  UPLOADS_IN_PARTS,
} from '@manyhands/contract';
import { expect, test } from 'vitest';
import { sha256, signedHandOver } from '../support/hand-over.js';
import { PartSender } from '../support/parts.js';
import { keyOf } from '../support/records.js';
import { Client, started } from '../support/running.js';
import { prepared } from '../support/scene.js';
import { unitOf } from '../support/scientist.js';
import { bundleOf, TestHost } from '../support/test-host.js';

const FUEL = 540_000_000_000;
const LARGE = 'large '.repeat(250_000);
const { bundle: BUNDLE, digest: DIGEST } = bundleOf(LARGE);
const CHECKPOINT = new Uint8Array(900_000).map((_, at) => at % 251);
const PART = 400_000;

type Prepared = Awaited<ReturnType<typeof prepared>>;

/** A batch of one unit for which one host's word is enough, and that host with its lease. */
async function oneUnit(made: Prepared, name: string): Promise<{ host: TestHost; lease: Lease }> {
  const plan = { name, units: [unitOf(`${name}-unit`)], quorum: 1 };
  expect((await made.scientist.submit(plan)).status).toBe(200);
  const host = await TestHost.join(made.coordinator, { key: keyOf(name) });
  const [lease] = await host.lease(1);
  if (!lease) throw new Error('no lease');
  return { host, lease };
}

/** The host has stated its result: the bundle is wanted. */
async function stated(made: Prepared, name: string): Promise<{ host: TestHost; lease: Lease; sender: PartSender }> {
  const { host, lease } = await oneUnit(made, name);
  expect(await host.report(host.receipt(lease, { bytes: () => LARGE }))).toEqual([[0, 'recorded', null]]);
  const unit = { leaseId: lease.leaseId, index: 0 };
  const sender = new PartSender(made.client, unit, { kind: 'result', bytes: BUNDLE, signer: host.key });
  return { host, lease, sender };
}

const checkpointSender = (client: Client, { leaseId }: Lease, signer: KeyPair, bytes = CHECKPOINT): PartSender =>
  new PartSender(client, { leaseId, index: 0 }, { kind: 'checkpoint', bytes, signer });

const unfinishedIn = (dataDirectory: string): string[] => readdirSync(join(dataDirectory, 'uploads'));

test('a result goes up in parts: each is answered with what is durable, one out of order with where to go on, the last with the acceptance', async () => {
  const made = await prepared();
  const { client, coordinator, dataDirectory } = made;
  const info = (await client.call<CoordinatorInfo>('GET', '/api/v1/coordinator')).body;
  const { host, sender } = await stated(made, 'in-order');
  expect([info.features, host.welcome?.features]).toEqual([
    expect.arrayContaining([UPLOADS_IN_PARTS]),
    expect.arrayContaining([UPLOADS_IN_PARTS]),
  ]);
  expect((await sender.ask()).body).toEqual({ offset: 0, isComplete: false });
  expect((await sender.send(0, PART)).body).toEqual({ offset: PART, isComplete: false });
  expect((await sender.send(0, PART)).body, 'the same again').toEqual({ offset: PART, isComplete: false });
  const beyond = await sender.send(2 * PART, 3 * PART);
  expect(beyond).toMatchObject({ status: 409, body: { code: 'MH-UPL-001', meta: { offset: PART } } });
  const backwards = await sender.send(PART - 7, PART + 7);
  expect(backwards.body, 'nothing is written twice').toEqual({ offset: PART, isComplete: false });
  expect(statSync(join(dataDirectory, 'uploads', String(unfinishedIn(dataDirectory)[0]))).size).toBe(PART);
  const metrics = await (await fetch(`${coordinator.url}/metrics`)).text();
  expect(metrics).toMatch(new RegExp(`^manyhands_uploads_unfinished_bytes ${PART}$`, 'm'));
  expect((await sender.sendAll(PART, PART)).body).toEqual({ offset: BUNDLE.length, isComplete: true });
  expect(unfinishedIn(dataDirectory)).toEqual([]);
  const found = await fetch(`${coordinator.url}/api/v1/results/${Buffer.from(DIGEST).toString('hex')}`);
  expect(sha256(new Uint8Array(await found.arrayBuffer()))).toEqual(sha256(BUNDLE));
  expect((await sender.ask()).body.code, 'it is settled').toBe('MH-RCP-002');
});

test('nobody’s part is read who is not to send it; a part has its bound, the whole the size in the receipt', async () => {
  const made = await prepared();
  const { client } = made;
  const { host, lease, sender } = await stated(made, 'bounds');
  const stranger = keyOf('a stranger');
  expect((await sender.send(0, PART, { signer: stranger })).body.code).toBe('MH-LSE-001');
  expect((await sender.ask(stranger)).body.code).toBe('MH-LSE-001');
  expect((await client.call('PATCH', sender.path(0), { bytes: BUNDLE.subarray(0, 9) })).body.code).toBe('MH-SIG-008');
  const headers = {
    authorization: client.token('PATCH', sender.path(0), { body: BUNDLE.subarray(0, 9), signer: host.key }),
  };
  const bent = await client.call('PATCH', sender.path(0), { bytes: BUNDLE.subarray(1, 10), headers });
  expect(bent.body.code, 'the signature covers the part').toBe('MH-SIG-001');
  const elsewhere = await client.call('PATCH', sender.path(9), { bytes: BUNDLE.subarray(0, 9), headers });
  expect(elsewhere.body.code, 'and where it belongs').toBe('MH-SIG-001');
  const tooLong = await sender.send(0, PART_MAXIMUM_BYTES + 1);
  expect(tooLong).toMatchObject({ status: 413, body: { code: 'MH-GEN-011' } });
  const bytes = new Uint8Array(BUNDLE.length + 1);
  const other = new PartSender(
    client,
    { leaseId: lease.leaseId, index: 0 },
    { kind: 'result', bytes, signer: host.key },
  );
  expect((await other.send(0, PART)).body.code).toBe('MH-RCP-003');
  const signed = await client.call('PATCH', `${sender.path(0).replace(/sha256=../, 'sha256=xx')}`, {
    bytes: BUNDLE.subarray(0, 9),
    signer: host.key,
  });
  expect(signed.body.code).toBe('MH-GEN-002');
  expect((await sender.ask()).body.offset, 'nothing of all that was kept').toBe(0);
});

test('what does not add up to what was announced begins anew; what is not the result that was signed for fails the host', async () => {
  const made = await prepared();
  const { client, dataDirectory } = made;
  const { host, lease, sender } = await stated(made, 'bent');
  const wrong = BUNDLE.slice();
  wrong[5000] = 255 ^ (wrong[5000] ?? 0);
  await sender.send(0, PART, { bytes: wrong });
  const ended = await sender.sendAll(PART, PART);
  expect(ended).toMatchObject({ status: 400, body: { code: 'MH-UPL-002', retryable: true } });
  expect((await sender.ask()).body).toEqual({ offset: 0, isComplete: false });
  expect(unfinishedIn(dataDirectory)).toEqual([]);
  const lie = new PartSender(
    client,
    { leaseId: lease.leaseId, index: 0 },
    { kind: 'result', bytes: wrong, signer: host.key },
  );
  expect((await lie.sendAll(0, PART)).body.code).toBe('MH-RCP-003');
  expect((await sender.ask()).body.code, 'its word is void').toBe('MH-WIR-004');
  expect(unfinishedIn(dataDirectory)).toEqual([]);
});

test('a coordinator that is started anew goes on with results and checkpoints where they stood', async () => {
  const made = await prepared();
  const { coordinator, dataDirectory } = made;
  const result = await stated(made, 'result');
  const begun = await oneUnit(made, 'checkpoint');
  const checkpoint = checkpointSender(made.client, begun.lease, begun.host.key);
  await result.sender.send(0, PART);
  await checkpoint.send(0, PART);
  await coordinator.stop();
  const again = await started({ dataDirectory });
  const client = new Client(again);
  const resumed = new PartSender(client, result.sender.unit, result.sender.what);
  expect((await resumed.ask()).body).toEqual({ offset: PART, isComplete: false });
  expect((await resumed.sendAll(PART, PART)).body.isComplete).toBe(true);
  const rest = checkpointSender(client, begun.lease, begun.host.key);
  expect((await rest.ask()).body).toEqual({ offset: PART, isComplete: false });
  expect((await rest.sendAll(PART, PART)).body).toEqual({ offset: CHECKPOINT.length, isComplete: true });
  await again.stop();

  const third = await started({ dataDirectory });
  const whole = checkpointSender(new Client(third), begun.lease, begun.host.key);
  expect((await whole.ask()).body, 'and keeps what waits for its signature').toEqual({
    offset: CHECKPOINT.length,
    isComplete: true,
  });
  const host = await TestHost.join(third, { key: begun.host.key });
  const statement = signedHandOver(
    host,
    { lease: begun.lease, coordinatorId: third.coordinatorId },
    { fuel: FUEL, checkpoint: CHECKPOINT },
  );
  expect((await host.ask({ t: 'hand.over', ...statement })).t).toBe('ack');
  const heir = await TestHost.join(third, { key: keyOf('the heir') });
  const [lease] = await heir.lease(1);
  const path = `/api/v1/leases/${lease?.leaseId}/units/0/checkpoint`;
  const headers = { authorization: made.client.token('GET', path, { body: undefined, signer: heir.key }) };
  const bytes = new Uint8Array(await (await fetch(third.url + path, { headers })).arrayBuffer());
  expect(sha256(bytes)).toEqual(sha256(CHECKPOINT));
});

test('a batch is submitted by the identifier of its root, which is among its blocks', async () => {
  const { client, scientist } = await prepared();
  const { blocks, json, batchId } = scientist.plan({ name: 'named' });
  const bytes = fromBase64Url(json.manifest);
  const cid = dagCborCidOf(bytes);
  for (const block of blocks) await client.putBlock(block, scientist.signer);
  const path = `/api/v1/projects/${scientist.projectId}/batches`;
  const submit = () => client.call<Batch>('POST', path, { json: { manifest: { cid }, policy: json.policy } });
  expect((await submit()).body).toMatchObject({ code: 'MH-BAT-002', meta: { missing: [cid] } });
  await client.putBlock({ cid, bytes }, scientist.signer);
  expect((await submit()).body.batchId).toBe(batchId);
  expect((await scientist.post(json)).body.batchId, 'the same batch as with the root itself').toBe(batchId);
});

test('unfinished uploads count by what has arrived', async () => {
  const quotas = { uploadQuotaBytes: PART + 1000, checkpointQuotaBytes: PART + 1000 };
  const made = await prepared(quotas);
  const { sender } = await stated(made, 'result-quota');
  const begun = await oneUnit(made, 'checkpoint-quota');
  const checkpoint = checkpointSender(made.client, begun.lease, begun.host.key);
  for (const each of [sender, checkpoint]) {
    expect((await each.send(0, PART)).body.offset, 'though the whole is larger than the quota').toBe(PART);
    expect(await each.send(PART, PART + 1001)).toMatchObject({ status: 507, body: { code: 'MH-GEN-010' } });
    expect((await each.send(PART, PART + 1000)).body.offset).toBe(PART + 1000);
  }
  const single = await made.client.call('PUT', `/api/v1/leases/${begun.lease.leaseId}/units/0/checkpoint`, {
    bytes: CHECKPOINT.subarray(0, 10),
    signer: begun.host.key,
  });
  expect(single.body.code, 'those in one call have no more room either').toBe('MH-GEN-010');
});

test('a file that is gone is sent anew, and a host that lost its bundle says so', async () => {
  const made = await prepared();
  const { host, lease, sender } = await stated(made, 'lost');
  await sender.send(0, PART);
  const [name] = unfinishedIn(made.dataDirectory);
  rmSync(join(made.dataDirectory, 'uploads', String(name)));
  expect((await sender.send(PART, 2 * PART)).body).toMatchObject({ code: 'MH-UPL-001', meta: { offset: 0 } });
  await sender.send(0, PART);
  const kept = [{ leaseId: lease.leaseId, index: 0 }];
  const wanted = (await host.ask({ t: 'custody', kept })) as MessageOf<'custody.reply'>;
  expect(wanted).toMatchObject({ wanted: kept, released: [] });
  const reply = (await host.ask({ t: 'custody', kept, lost: kept })) as MessageOf<'custody.reply'>;
  expect(reply).toMatchObject({ wanted: [], released: kept });
  const [next] = await host.lease(1);
  expect(next?.ranges, 'the unit is computed anew').toEqual([[0, 1]]);
  expect(existsSync(join(made.dataDirectory, 'uploads'))).toBe(true);
});

// Units that go from host to host, over the real database and files.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { handOverSchema, type Lease, open } from '@manyhands/contract';
import { temporaryFolderSync, until } from '@manyhands/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CoreHost, crashInto, FUEL, openCore, type TestCore } from '../../../support/core.js';
import { checkpointOf, handOver, keyOfFuel, sha256, signedHandOver, upload } from '../../../support/hand-over.js';

let folder: string;
let core: TestCore;
beforeEach(async () => {
  folder = temporaryFolderSync();
  mkdirSync(join(folder, 'data'));
  core = await openCore({ folder: join(folder, 'data') });
});
afterEach(() => {
  core.close();
});

const filesOf = (data = 'data'): string[] => {
  const path = join(folder, data, 'checkpoints');
  return existsSync(path) ? readdirSync(path) : [];
};
/** Files are removed after the commit. */
async function filesBecome(count: number): Promise<void> {
  await until(
    () => `${count} files; there are ${filesOf()}`,
    () => filesOf().length === count,
  );
}
const one = async (host: CoreHost): Promise<Lease> => {
  const [lease] = await core.lease(host, 1);
  if (!lease) throw new Error(`no work for ${host.word}`);
  return lease;
};
const read = async ({ publicKey }: CoreHost, { leaseId }: Lease, index = 0): Promise<string> => {
  const { stream } = await core.checkpoints.read({ hostPublicKey: publicKey, leaseId, index });
  return Buffer.concat(await stream.toArray()).toString();
};
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error) => error.code,
  );
const ledger = () =>
  core.database.read((db) =>
    db
      .prepare(
        'SELECT host.id AS host, sum(fuel) AS fuel, sum(amount_milli) AS milli, sum(replicas) AS replicas FROM ledger JOIN host ON host.id = ledger.host_row_id GROUP BY 1',
      )
      .all(),
  );

test('a unit begun by one host is finished by another, and each is credited for its part', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1 });
  const [ann, bob, cid] = [await core.host('ann'), await core.host('bob'), await core.host('cid')];
  const begun = await one(ann);
  expect(begun).toMatchObject({ build: 'nonleaf', checkpoint: null });
  await core.report(bob, await one(bob));
  expect(await handOver(core, ann, begun, { fuel: 1_200_000 })).toBe('ok');
  expect(
    core.units
      .unit(1, 0)
      ?.replicas.map(({ state }) => state)
      .sort(),
  ).toEqual(['handed-over', 'reported']);
  expect(await core.lease(bob)).toEqual([]);

  const rest = await one(cid);
  expect(rest).toMatchObject({ build: 'nonleaf', ranges: [[0, 1]] });
  expect(rest.checkpoint?.key).toEqual(keyOfFuel(1_200_000));
  const context = { type: 'hand-over', coordinatorId: core.options.coordinatorId } as const;
  const [envelope] = rest.checkpoint?.handOvers ?? [];
  const said = open(envelope as Uint8Array, context, { schema: handOverSchema, publicKey: ann.publicKey });
  expect(said).toMatchObject({ ok: true, value: { fuel: 1_200_000, hostId: ann.hostId } });
  expect(await read(cid, rest)).toBe(checkpointOf(1_200_000).toString());

  await core.report(cid, rest);
  expect(core.units.counts(1).accepted).toBe(1);
  expect(ledger()).toEqual([
    { host: ann.hostRowId, fuel: 1_200_000, milli: 240, replicas: 0 },
    { host: bob.hostRowId, fuel: FUEL, milli: 1000, replicas: 1 },
    { host: cid.hostRowId, fuel: FUEL - 1_200_000, milli: 760, replicas: 1 },
  ]);
  expect(core.credits.total()).toBe(2000);
  const shown = core.units.unit(1, 0)?.replicas ?? [];
  expect(shown.find(({ state }) => state === 'handed-over')).toMatchObject({ fuel: 1_200_000, digest: null });
  await filesBecome(0);
});

test('nobody but the holder of the lease reads a checkpoint', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 2 });
  const [ann, bob, cid] = [await core.host('ann'), await core.host('bob'), await core.host('cid')];
  const begun = await one(ann);
  const other = await one(cid);
  await handOver(core, ann, begun, { fuel: 100 });
  expect(await codeOf(read(ann, begun)), 'who has handed over').toBe('MH-LSE-002');
  const rest = await one(bob);
  expect(rest.checkpoint).not.toBeNull();
  expect(await codeOf(read(cid, rest)), 'another host').toBe('MH-LSE-001');
  expect(await codeOf(read(cid, other)), 'another replica of the same unit').toBe('MH-CKP-006');
  expect(await codeOf(read(bob, rest, 1)), 'another unit').toBe('MH-LSE-002');
  expect(await read(bob, rest)).toContain('checkpoint at 100');
});

test('a checkpoint left on the way serves when the lease runs out; a later one replaces it', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1, quorum: 1 });
  const [ann, bob] = [await core.host('ann'), await core.host('bob')];
  const begun = await one(ann);
  expect(await handOver(core, ann, begun, { fuel: 100, isFinal: false })).toBe('ok');
  expect(await handOver(core, ann, begun, { fuel: 900, isFinal: false })).toBe('ok');
  await filesBecome(1);
  expect(await core.lease(bob)).toEqual([]);
  core.clock.nowMs += 31_000;
  await core.leases.expireOverdue();
  const rest = await one(bob);
  expect(await read(bob, rest)).toContain('checkpoint at 900');
  expect(await handOver(core, bob, rest, { fromFuel: 900, fuel: 2000, isFinal: false })).toBe('ok');
  await filesBecome(1);
  await core.leases.leave(bob);
  const last = await one(await core.host('cid'));
  expect(last.checkpoint?.handOvers).toHaveLength(2);
  expect(last.checkpoint?.key).toEqual(keyOfFuel(2000));
});

test('a host that comes back continues what it left', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1, quorum: 1 });
  const ann = await core.host('ann');
  await handOver(core, ann, await one(ann), { fuel: 100 });
  const again = await one(ann);
  expect(again.checkpoint?.handOvers).toHaveLength(1);
  await core.report(ann, again);
  expect(ledger()).toEqual([{ host: ann.hostRowId, fuel: FUEL, milli: 1000, replicas: 1 }]);
});

test('a hand-over must be signed by the host, for its lease, unit, build and fuel, over the bytes that were sent', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 2 }, { fuelMaximum: 5000 });
  const [ann, bob] = [await core.host('ann'), await core.host('bob')];
  const lease = await one(ann);
  const otherLease = await one(bob);
  const { coordinatorId } = core.options;
  const say = async (plan: Parameters<typeof signedHandOver>[2], signer: CoreHost = ann, sender: CoreHost = ann) => {
    const answer = await core.handOvers.record(sender, signedHandOver(signer, { lease, coordinatorId }, plan));
    return answer.ok ? 'ok' : answer.code;
  };
  expect(await say({ fuel: 100 }), 'nothing was sent').toBe('MH-CKP-005');
  await upload(core, ann, { lease, index: 0, bytes: checkpointOf(100) });
  expect(await say({ fuel: 100 }, bob)).toBe('MH-SIG-004');
  expect(await say({ fuel: 100, more: { hostId: bob.hostId } })).toBe('MH-SIG-004');
  expect(await say({ fuel: 100, more: { leaseId: otherLease.leaseId } })).toBe('MH-LSE-001');
  expect(await say({ fuel: 100, index: 1 })).toBe('MH-LSE-002');
  expect(await say({ fuel: 100, more: { build: 'all' } })).toBe('MH-CKP-002');
  expect(
    await say({ fuel: 100, more: { manifestCid: 'bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' } }),
  ).toMatch(/MH-(CKP-002|SIG-002)/);
  expect(await say({ fuel: 100, fromFuel: 50 })).toBe('MH-CKP-003');
  expect(await say({ fuel: 5001, checkpoint: checkpointOf(100) })).toBe('MH-CKP-003');
  expect(await say({ fuel: 100, checkpoint: checkpointOf(200) })).toBe('MH-CKP-005');
  expect(await say({ fuel: 100 })).toBe('ok');
  expect(await say({ fuel: 100 }), 'again').toBe('ok');
  expect(await say({ fuel: 101, checkpoint: checkpointOf(100) }), 'after the end').toBe('MH-LSE-002');
});

test('the same hand-over may become the final one without sending it again', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1, quorum: 1 });
  const ann = await core.host('ann');
  const lease = await one(ann);
  const { coordinatorId } = core.options;
  await handOver(core, ann, lease, { fuel: 100, isFinal: false });
  const final = signedHandOver(ann, { lease, coordinatorId }, { fuel: 100, isFinal: true });
  expect(await core.handOvers.record(ann, final)).toEqual({ ok: true });
  expect((await one(await core.host('bob'))).checkpoint).not.toBeNull();
});

test('uploads are taken from who runs the unit only, with the announced bytes and within the room for all', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 4 });
  const [ann, bob] = [await core.host('ann'), await core.host('bob')];
  const lease = await one(ann);
  const send = (bytes: Uint8Array, more: { index?: number; host?: CoreHost; announced?: Uint8Array } = {}) => {
    const { index = 0, host = ann, announced = bytes } = more;
    async function* parts() {
      yield bytes;
    }
    const name = { hostPublicKey: host.publicKey, leaseId: lease.leaseId, index };
    const incoming = { parts: parts(), sizeBytes: announced.length, sha256: sha256(announced) };
    return codeOf(core.checkpoints.receive(name, incoming));
  };
  expect(await send(checkpointOf(1), { host: bob })).toBe('MH-LSE-001');
  expect(await send(checkpointOf(1), { index: 1 })).toBe('MH-LSE-002');
  expect(await send(checkpointOf(1), { announced: checkpointOf(2) })).toBe('MH-SIG-001');
  expect(await send(checkpointOf(1), { announced: new Uint8Array(100) })).toBe('MH-GEN-011');
  expect(await send(new Uint8Array(), {})).toBe('MH-GEN-002');
  expect(await send(new Uint8Array(1_000_001))).toBe('MH-GEN-010');
  expect(filesOf()).toEqual([]);
  expect(core.checkpoints.totals()).toMatchObject({ count: 0, sizeBytes: 0 });
  expect(await send(new Uint8Array(600_000))).toBe('done');
  expect(await send(new Uint8Array(600_000)), 'a second one beside it').toBe('MH-GEN-010');
  expect(await send(new Uint8Array(300_000))).toBe('done');
  expect(core.checkpoints.totals(), 'unsigned ones are replaced').toMatchObject({ count: 1, sizeBytes: 300_000 });
  await core.report(ann, lease);
  expect(await send(checkpointOf(1))).toBe('MH-LSE-002');
});

test('a refused checkpoint is computed anew from the start; its predecessors earn nothing', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1, quorum: 1 });
  const [ann, bob, cid] = [await core.host('ann'), await core.host('bob'), await core.host('cid')];
  await handOver(core, ann, await one(ann), { fuel: 100 });
  const rest = await one(bob);
  const { leaseId, ranges } = rest;
  const back = { t: 'lease.return', id: 1, leaseId, ranges, code: 'MH-CKP-003' } as const;
  expect(await core.leases.giveBack(bob, back)).toBe(true);
  await filesBecome(0);
  const fresh = await one(cid);
  expect(fresh.checkpoint).toBeNull();
  await core.report(cid, fresh);
  expect(ledger()).toEqual([{ host: cid.hostRowId, fuel: FUEL, milli: 1000, replicas: 1 }]);
  expect(core.database.read((db) => db.prepare('SELECT count(*) FROM segment').pluck().get())).toBe(0);
});

test('less fuel than the predecessor used is impossible', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1, quorum: 1 });
  const [ann, bob] = [await core.host('ann'), await core.host('bob')];
  await handOver(core, ann, await one(ann), { fuel: 100 });
  const rest = await one(bob);
  expect(await core.report(bob, rest, { fuel: () => 99 })).toEqual([[0, 'refused', 'MH-RCP-005']]);
  expect(core.units.unit(1, 0)?.replicas.find(({ code }) => code)).toMatchObject({
    state: 'failed',
    code: 'MH-RCP-005',
  });
});

test('replicas of one unit share no accounts, whatever the way they went', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 1 });
  const [ann, tower, bob, cid] = [
    await core.host('ann/laptop'),
    await core.host('ann/tower'),
    await core.host('bob'),
    await core.host('cid'),
  ];
  await handOver(core, ann, await one(ann), { fuel: 100 });
  const rest = await one(bob);
  expect(rest.checkpoint).not.toBeNull();
  expect(await core.lease(tower), 'the other machine of a contributor').toEqual([]);
  await handOver(core, cid, await one(cid), { fuel: 70 });
  const mixed = await core.lease(tower);
  expect(mixed, 'its own lineage runs, the other one is not for it').toEqual([]);
  await handOver(core, bob, rest, { fromFuel: 100, fuel: 200 });
  const continued = await one(tower);
  expect(continued.checkpoint?.handOvers).toHaveLength(2);
});

test('checkpoints survive a restart, one that waits for its signature too; what was half received in a single call does not', async () => {
  await core.addBatch({ batchRowId: 1, unitCount: 2, quorum: 1 });
  const ann = await core.host('ann');
  const [first, second] = [await one(ann), await one(ann)];
  await handOver(core, ann, first, { fuel: 100 });
  await upload(core, ann, { lease: second, index: 1, bytes: checkpointOf(7) });
  expect(filesOf()).toHaveLength(2);
  const { hostRowId, accountRowId } = ann;
  const half = { unitId: 2 ** 20 + 1, leaseRowId: 2, hostRowId, accountRowId, nowMs: core.clock.nowMs };
  await core.database.write(() => core.store.checkpoints.add(half));
  crashInto(join(folder, 'data'), join(folder, 'copy'));
  const again = await openCore({ folder: join(folder, 'copy') });
  again.directory.batches = core.directory.batches;
  expect(again.checkpoints.totals().count).toBe(3);
  await again.checkpoints.onApplicationBootstrap();
  expect(filesOf('copy')).toHaveLength(2);
  expect(again.checkpoints.totals().count).toBe(2);
  const [rest] = await again.lease(await again.host('bob'), 1);
  expect(rest?.checkpoint?.key).toEqual(keyOfFuel(100));
  again.close();
});

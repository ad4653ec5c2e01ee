// The coordinator killed between any two steps: what was acknowledged is there after the restart, and the batch ends right.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bytesOf } from '../../../support/bundles.js';
import {
  type CoreHost,
  crashInto,
  FUEL,
  openCore,
  signedReceipt,
  type TestCore,
  withFolder,
} from '../../../support/core.js';
import { bundleOf, indexesOf } from '../../../support/test-host.js';

/** Opens what a kill at this moment would leave. */
async function reopened(folder: string, name: string, core: TestCore): Promise<TestCore> {
  const copy = join(folder, name);
  crashInto(join(folder, 'data'), copy);
  const again = await openCore({ folder: copy });
  again.clock.nowMs = core.clock.nowMs;
  again.directory.batches = core.directory.batches;
  for (const [batchRowId, terms] of core.directory.special) again.directory.special.set(batchRowId, terms);
  await again.leases.recover();
  return again;
}

async function finish(core: TestCore, words: readonly string[]): Promise<void> {
  for (let round = 0; round < 20 && !core.units.isComplete(1); round++) {
    core.clock.nowMs += 40_000;
    await core.leases.expireOverdue();
    for (const word of words) {
      const host = await core.host(word);
      for (const lease of await core.lease(host, 4)) await core.report(host, lease);
    }
  }
}

test('killed after every single step, nothing acknowledged is lost and credit is exact', async () => {
  await withFolder(async (folder) => {
    mkdirSync(join(folder, 'data'));
    const core = await openCore({ folder: join(folder, 'data') });
    await core.addBatch({ batchRowId: 1, unitCount: 6 }, { fuelPerCobblestone: 20 * FUEL });
    const words = ['ann', 'bob', 'cid'];
    let step = 0;
    for (let round = 0; round < 3; round++)
      for (const word of words) {
        const host = await core.host(word);
        for (const lease of await core.lease(host, 2)) {
          await expectSame(folder, `lease-${step++}`, { core, words });
          await core.report(host, lease, { indexes: indexesOf(lease).slice(0, 1) });
          await expectSame(folder, `half-${step++}`, { core, words });
          await core.report(host, lease);
          await expectSame(folder, `whole-${step++}`, { core, words });
        }
      }
    expect(step).toBeGreaterThan(10);
    expect(core.units.isComplete(1)).toBe(true);
    core.close();
  });
});

async function expectSame(
  folder: string,
  name: string,
  { core, words }: { core: TestCore; words: string[] },
): Promise<void> {
  const again = await reopened(folder, name, core);
  expect(again.units.counts(1), name).toEqual(core.units.counts(1));
  expect(again.credits.total(), name).toBe(core.credits.total());
  const outcomes = core.units.outcomes(1, { after: -1, limit: 100 });
  expect(again.units.outcomes(1, { after: -1, limit: 100 }), name).toEqual(outcomes);
  for (const { digest } of outcomes) expect(await again.results.readBundle(digest ?? ''), name).toBeDefined();
  await finish(again, words);
  expect(again.units.counts(1).accepted, name).toBe(6);
  expect(again.credits.total(), name).toBe(6 * 2 * 50);
  const replayed = again.units.outcomes(1, { after: -1, limit: 100 });
  expect(replayed.slice(0, outcomes.length), 'accepted units are not computed again').toEqual(outcomes);
  again.close();
}

test('a receipt that was recorded but not acknowledged is the same receipt when it comes again', async () => {
  await withFolder(async (folder) => {
    mkdirSync(join(folder, 'data'));
    const core = await openCore({ folder: join(folder, 'data') });
    await core.addBatch({ batchRowId: 1, unitCount: 2 });
    const host = await core.host('ann');
    const [lease] = await core.lease(host);
    if (!lease) throw new Error('no lease');
    const receipt = signedReceipt(host, lease);
    await core.receipts.record(host, { t: 'receipts', id: 1, ...receipt });
    const again = await reopened(folder, 'copy', core);
    expect(await again.receipts.record(host, { t: 'receipts', id: 2, ...receipt })).toMatchObject({
      answered: {
        items: [
          [0, 'settled', 'MH-RCP-001'],
          [1, 'settled', 'MH-RCP-001'],
        ],
      },
    });
    const kept = again.database.read((db) => db.prepare('SELECT count(*) FROM receipt').pluck().get());
    expect(kept, 'a replay is not stored').toBe(1);
    again.close();
    core.close();
  });
});

test('reports of many hosts in one transaction are each recorded, also when one of them cannot be', async () => {
  await withFolder(async (folder) => {
    const core = await openCore({ folder, isInMemory: true });
    await core.addBatch({ batchRowId: 1, unitCount: 2000, expectedDurationMs: 1 });
    const hosts = await Promise.all(Array.from({ length: 12 }, (_, index) => core.host(`host${index}`)));
    const leased = await Promise.all(hosts.map(async (host) => ({ host, leases: await core.lease(host, 256) })));
    const reports = leased.flatMap(({ host, leases }) => leases.map((lease) => core.report(host, lease)));
    const broken = core.writer.changeTogether(() => {
      throw new Error('broken');
    });
    await expect(broken).rejects.toThrow('broken');
    const items = (await Promise.all(reports)).flat();
    const leasedUnits = leased.flatMap(({ leases }) => leases.flatMap(indexesOf));
    expect(items.filter(([, status, code]) => status === 'settled' && code === null)).toHaveLength(leasedUnits.length);
    const { accepted } = core.units.counts(1);
    expect(accepted).toBeGreaterThan(600);
    expect(accepted * 2).toBe(leasedUnits.length);
    expect(core.credits.total()).toBe(accepted * 2000);
    const outcomes = core.database.read((db) => db.prepare('SELECT count(*), max(sequence) FROM outcome').raw().get());
    expect(outcomes).toEqual([accepted, accepted - 1]);
    const digests = Array.from({ length: accepted }, (_, index) => bundleOf(`answer ${index}`).digest);
    for (const digest of digests)
      expect(await core.results.readBundle(Buffer.from(digest).toString('hex'))).toBeDefined();
    core.close();
  });
});

test('when the database cannot be written, every report hears of it', async () => {
  await withFolder(async (folder) => {
    const core = await openCore({ folder, isInMemory: true });
    core.close();
    for (let round = 0; round < 2; round++) {
      const reports = await Promise.allSettled([1, 2].map((value) => core.writer.changeTogether(() => value)));
      expect(reports.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    }
  });
});

const LARGE = 'z'.repeat(20_000);

async function agreeOnLarge(
  core: TestCore,
): Promise<{ hosts: CoreHost[]; leases: Awaited<ReturnType<TestCore['lease']>> }> {
  await core.addBatch({ batchRowId: 1, unitCount: 1 });
  const hosts = [await core.host('ann'), await core.host('bob')];
  const leases: Awaited<ReturnType<TestCore['lease']>> = [];
  for (const host of hosts)
    for (const lease of await core.lease(host)) {
      leases.push(lease);
      expect(await core.report(host, lease, { bytes: () => LARGE, isInline: false })).toEqual([[0, 'recorded', null]]);
    }
  return { hosts, leases };
}

test('killed while a large bundle is on its way: it is asked for again after the restart', async () => {
  await withFolder(async (folder) => {
    mkdirSync(join(folder, 'data'));
    const core = await openCore({ folder: join(folder, 'data') });
    const { hosts, leases } = await agreeOnLarge(core);
    const again = await reopened(folder, 'copy', core);
    again.custody.onApplicationBootstrap();
    const [ann] = hosts;
    const [lease] = leases;
    if (!ann || !lease) throw new Error('no hosts');
    const pushed: unknown[] = [];
    const { hostRowId, accountRowId, network, hostId } = ann;
    const waits = { isWaitingForWork: false, isWaitingForRoom: false };
    const state = { state: 'idle' as const, connectedPeers: 0, ...waits };
    again.connections.add({
      hostRowId,
      accountRowId,
      network,
      hostId,
      ...state,
      push: (message) => pushed.push(message),
      instance: '',
      isAnswered: () => Promise.resolve(false),
      warn: () => undefined,
      end: () => {},
    });
    await again.custody.tick();
    expect(pushed).toMatchObject([{ t: 'bundle.wanted', leaseId: lease.leaseId, index: 0 }]);
    const { bundle, digest } = bundleOf(LARGE);
    await again.results.putBundle(ann.publicKey, lease.leaseId, 0, bundle);
    expect(again.units.counts(1).accepted).toBe(1);
    const third = await reopened(folder, 'unused', core); // the original, without the upload
    expect(third.units.counts(1).accepted).toBe(0);
    expect(await bytesOf(await again.results.readBundle(Buffer.from(digest).toString('hex')))).toEqual(bundle);
    for (const each of [core, again, third]) each.close();
  });
});

test('when every custodian is gone the unit is computed anew, by the same accounts if need be', async () => {
  await withFolder(async (folder) => {
    const core = await openCore({ folder, isInMemory: true });
    const { hosts } = await agreeOnLarge(core);
    core.clock.nowMs += 119_000;
    await core.custody.tick();
    expect(core.units.counts(1).checking).toBe(1);
    core.clock.nowMs += 2000;
    await core.custody.tick();
    expect(core.units.counts(1)).toMatchObject({ checking: 0, waiting: 1 });
    for (const host of hosts) for (const lease of await core.lease(host)) await core.report(host, lease);
    expect(core.units.counts(1).accepted).toBe(1);
    expect(core.credits.total()).toBe(2000);
    core.close();
  });
});

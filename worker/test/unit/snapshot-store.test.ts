// Snapshots on the disk: whole or not there, the newest of each unit, within the quota; damage is found.

import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolderSync } from '@manyhands/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Journal } from '../../src/journal/journal.js';
import type { NewSnapshot } from '../../src/journal/snapshot-store.js';
import { leaseOf } from '../support/identities.js';

const LEASE = leaseOf(1, [[0, 3]]);
const unit = (index: number) => ({ leaseId: LEASE.leaseId, index });
const nameOf = (index: number) => ({ manifestCid: LEASE.manifestCid, index });
const QUOTA_BYTES = 1000;

let directory: string;
let journal: Journal;
const DAY_MS = 24 * 60 * 60_000;
let nowMs = 0;
const openJournal = () => Journal.open({ directory, snapshotsMaximumBytes: QUOTA_BYTES }, { nowMs: () => nowMs });
beforeEach(() => {
  directory = temporaryFolderSync();
  nowMs = 100 * DAY_MS;
  journal = openJournal();
  journal.recordLease(LEASE);
});
afterEach(() => {
  journal.close();
});

const files = () => readdirSync(join(directory, 'snapshots'));

function headOf(sizeBytes: number, elapsedMs = 1000): NewSnapshot {
  const lineage = { build: LEASE.build, base: null };
  return { sizeBytes, isCompressed: false, fuel: elapsedMs * 10, markCount: 0, elapsedMs, expected: null, ...lineage };
}

async function save(index: number, bytes: Uint8Array, elapsedMs = 1000): Promise<boolean> {
  const writer = await journal.snapshots.create(nameOf(index), headOf(bytes.length, elapsedMs), () => true);
  if (!writer) return false;
  await writer.write(bytes.subarray(0, 3));
  await writer.write(bytes.subarray(3));
  await writer.commit();
  return true;
}

async function load(index: number): Promise<number[] | undefined> {
  const stored = journal.snapshots.find(nameOf(index));
  if (!stored) return undefined;
  const bytes: number[] = [];
  for await (const piece of journal.snapshots.read(stored)) bytes.push(...piece);
  return bytes;
}

test('a snapshot is there after a restart, and is told of', async () => {
  await save(1, new Uint8Array([1, 2, 3, 4, 5]));
  journal.close();
  journal = openJournal();
  expect(journal.restore().leases).toEqual([
    { lease: LEASE, openIndexes: [0, 1, 2], begunIndexes: [1], sealedIndexes: [] },
  ]);
  expect(await load(1)).toEqual([1, 2, 3, 4, 5]);
  expect(journal.snapshots.find(nameOf(1))).toMatchObject({ fuel: 10_000, elapsedMs: 1000, expected: null });
});

test('a newer one takes its place; one that was not finished does not', async () => {
  await save(1, new Uint8Array(10).fill(1));
  await save(1, new Uint8Array(10).fill(2), 2000);
  const unfinished = await journal.snapshots.create(nameOf(1), headOf(10, 3000), () => true);
  await unfinished?.write(new Uint8Array(5));
  journal.close();
  journal = openJournal();
  expect(await load(1)).toEqual(Array(10).fill(2));
  expect(files()).toHaveLength(1);
});

test('an aborted one leaves nothing', async () => {
  const writer = await journal.snapshots.create(nameOf(1), headOf(10), () => true);
  await writer?.write(new Uint8Array(5));
  await writer?.abort();
  expect(files()).toEqual([]);
  expect(await save(1, new Uint8Array(QUOTA_BYTES))).toBe(true);
});

test('one that cannot be put in its place gives its room back once, however often it is ended', async () => {
  const writer = await journal.snapshots.create(nameOf(1), headOf(QUOTA_BYTES), () => true);
  await writer?.write(new Uint8Array(QUOTA_BYTES));
  rmSync(join(directory, 'snapshots'), { recursive: true });
  await expect(writer?.commit()).rejects.toThrow('ENOENT');
  await writer?.abort();
  const next = await journal.snapshots.create(nameOf(1), headOf(QUOTA_BYTES), () => true);
  expect(next).not.toBeNull();
  expect(await journal.snapshots.create(nameOf(2), headOf(QUOTA_BYTES), () => true), 'the quota holds').toBeNull();
  await next?.abort();
});

test('damage is found', async () => {
  await save(1, new Uint8Array(10).fill(1));
  const [name = ''] = files();
  writeFileSync(join(directory, 'snapshots', name), new Uint8Array(10).fill(3));
  await expect(load(1)).rejects.toMatchObject({ code: 'MH-CKP-001' });
});

test('a result, a failure and the word that nobody needs the unit any more take the snapshot with them', async () => {
  for (const index of [0, 1, 2]) await save(index, new Uint8Array(10).fill(index));
  const proof = { fuel: 5, markCount: 1, chainRoot: new Uint8Array(32) };
  const success = { kind: 'success', digest: new Uint8Array(32), bundleBytes: 1, elapsedMs: 1, ...proof } as const;
  await journal.recordSuccess(unit(0), success, new Uint8Array(1));
  const failure = { code: 'MH-UNIT-001', exitCode: null, message: '', stderrTail: '', elapsedMs: 1, ...proof };
  journal.recordFailure(unit(1), { kind: 'unit-failure', ...failure });
  journal.dropUnits(LEASE.leaseId, [2], { isSettled: true });
  expect(files()).toEqual([]);
  expect([0, 1, 2].map((index) => journal.snapshots.find(nameOf(index)))).toEqual([undefined, undefined, undefined]);
});

test('a snapshot that comes when its unit is settled is not kept', async () => {
  let isWanted = true;
  const writer = await journal.snapshots.create(nameOf(1), headOf(4), () => isWanted);
  await writer?.write(new Uint8Array(4));
  isWanted = false;
  await writer?.commit();
  expect(files()).toEqual([]);
  expect(journal.snapshots.find(nameOf(1))).toBeUndefined();
});

test('a snapshot outlives its lease, and the next lease of the unit goes on from it', async () => {
  await save(1, new Uint8Array([1, 2, 3, 4, 5]));
  journal.dropUnits(LEASE.leaseId, [0, 1, 2], { isSettled: false });
  journal.close();
  journal = openJournal();
  expect(await load(1)).toEqual([1, 2, 3, 4, 5]);
  const again = leaseOf(2, [[1, 2]]);
  journal.recordLease(again);
  expect(journal.restore().leases).toEqual([
    { lease: again, openIndexes: [1, 2], begunIndexes: [1], sealedIndexes: [] },
  ]);
});

test('another build does not go on from it, nor a lease that hides whose work it rests on', async () => {
  const base = new Uint8Array(32).fill(7);
  const writer = await journal.snapshots.create(nameOf(1), { ...headOf(3), base }, () => true);
  await writer?.write(new Uint8Array(3));
  await writer?.commit();
  await save(2, new Uint8Array(3));
  journal.dropUnits(LEASE.leaseId, [0, 1, 2], { isSettled: false });
  journal.recordLease(leaseOf(2, [[1, 1]]));
  journal.recordLease({ ...leaseOf(3, [[2, 1]]), build: 'all' });
  expect(journal.restore().leases).toMatchObject([
    { begunIndexes: [], sealedIndexes: [] },
    { begunIndexes: [], sealedIndexes: [] },
  ]);
});

test('snapshots that no lease holds make room first, the oldest before the others, however long they took', async () => {
  await save(0, new Uint8Array(400), 90_000);
  nowMs += 1;
  await save(1, new Uint8Array(400), 80_000);
  journal.dropUnits(LEASE.leaseId, [0, 1], { isSettled: false });
  expect(await save(2, new Uint8Array(400), 1000)).toBe(true);
  expect([0, 1, 2].map((index) => journal.snapshots.find(nameOf(index))?.sizeBytes)).toEqual([undefined, 400, 400]);
});

test('a snapshot that no lease has held for two weeks is removed; one of a unit that is held stays', async () => {
  await save(0, new Uint8Array(10));
  await save(1, new Uint8Array(10));
  journal.dropUnits(LEASE.leaseId, [0], { isSettled: false });
  nowMs += 14 * DAY_MS;
  await save(2, new Uint8Array(10));
  expect(files()).toHaveLength(3);
  nowMs += 1;
  journal.close();
  journal = openJournal();
  expect([0, 1, 2].map((index) => journal.snapshots.find(nameOf(index)) !== undefined)).toEqual([false, true, true]);
});

test('within the quota the one that took longer to compute stays', async () => {
  expect(await save(0, new Uint8Array(600), 5000)).toBe(true);
  expect(await save(1, new Uint8Array(600), 1000)).toBe(false);
  expect(await save(2, new Uint8Array(600), 9000)).toBe(true);
  expect(journal.snapshots.find(nameOf(0))).toBeUndefined();
  expect(journal.snapshots.find(nameOf(2))).toBeDefined();
  expect(await save(2, new Uint8Array(QUOTA_BYTES + 1), 9999)).toBe(false);
  expect(journal.snapshots.find(nameOf(2))?.sizeBytes).toBe(600);
});

test('files that no row knows are removed at the start', () => {
  writeFileSync(join(directory, 'snapshots', '77'), 'x');
  writeFileSync(join(directory, 'snapshots', '78.part'), 'x');
  journal.close();
  journal = openJournal();
  expect(files()).toEqual([]);
  expect(existsSync(join(directory, 'snapshots'))).toBe(true);
});

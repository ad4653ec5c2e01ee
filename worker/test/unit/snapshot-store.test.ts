// Snapshots on the disk: whole or not there, the newest of each unit, within the quota; damage is found.

import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolderSync } from '@manyhands/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Journal } from '../../src/journal/journal.js';
import type { NewSnapshot } from '../../src/journal/snapshot-store.js';
import { leaseOf } from '../support/identities.js';

const LEASE = leaseOf(1, [[0, 3]]);
const unit = (index: number) => ({ leaseId: LEASE.leaseId, index });
const QUOTA_BYTES = 1000;

let directory: string;
let journal: Journal;
const openJournal = () => Journal.open({ directory, snapshotsMaximumBytes: QUOTA_BYTES });
beforeEach(() => {
  directory = temporaryFolderSync();
  journal = openJournal();
  journal.recordLease(LEASE);
});
afterEach(() => {
  journal.close();
});

const files = () => readdirSync(join(directory, 'snapshots'));

function headOf(sizeBytes: number, elapsedMs = 1000): NewSnapshot {
  return { sizeBytes, isCompressed: false, fuel: elapsedMs * 10, markCount: 0, elapsedMs, expected: null };
}

async function save(index: number, bytes: Uint8Array, elapsedMs = 1000): Promise<boolean> {
  const writer = await journal.snapshots.create(unit(index), headOf(bytes.length, elapsedMs));
  if (!writer) return false;
  await writer.write(bytes.subarray(0, 3));
  await writer.write(bytes.subarray(3));
  await writer.commit();
  return true;
}

async function load(index: number): Promise<number[] | undefined> {
  const stored = journal.snapshots.find(unit(index));
  if (!stored) return undefined;
  const bytes: number[] = [];
  for await (const piece of journal.snapshots.read(stored)) bytes.push(...piece);
  return bytes;
}

test('a snapshot is there after a restart, and is told of', async () => {
  await save(1, new Uint8Array([1, 2, 3, 4, 5]));
  journal.close();
  journal = openJournal();
  expect(journal.restore().leases).toEqual([{ lease: LEASE, openIndexes: [0, 1, 2], begunIndexes: [1] }]);
  expect(await load(1)).toEqual([1, 2, 3, 4, 5]);
  expect(journal.snapshots.find(unit(1))).toMatchObject({ fuel: 10_000, elapsedMs: 1000, expected: null });
});

test('a newer one takes its place; one that was not finished does not', async () => {
  await save(1, new Uint8Array(10).fill(1));
  await save(1, new Uint8Array(10).fill(2), 2000);
  const unfinished = await journal.snapshots.create(unit(1), headOf(10, 3000));
  await unfinished?.write(new Uint8Array(5));
  journal.close();
  journal = openJournal();
  expect(await load(1)).toEqual(Array(10).fill(2));
  expect(files()).toHaveLength(1);
});

test('an aborted one leaves nothing', async () => {
  const writer = await journal.snapshots.create(unit(1), headOf(10));
  await writer?.write(new Uint8Array(5));
  await writer?.abort();
  expect(files()).toEqual([]);
  expect(await save(1, new Uint8Array(QUOTA_BYTES))).toBe(true);
});

test('damage is found', async () => {
  await save(1, new Uint8Array(10).fill(1));
  const [name = ''] = files();
  writeFileSync(join(directory, 'snapshots', name), new Uint8Array(10).fill(3));
  await expect(load(1)).rejects.toMatchObject({ code: 'MH-CKP-001' });
});

test('a result, a failure and a return take the snapshot with them', async () => {
  for (const index of [0, 1, 2]) await save(index, new Uint8Array(10).fill(index));
  const proof = { fuel: 5, markCount: 1, chainRoot: new Uint8Array(32) };
  const success = { kind: 'success', digest: new Uint8Array(32), bundleBytes: 1, elapsedMs: 1, ...proof } as const;
  await journal.recordSuccess(unit(0), success, new Uint8Array(1));
  const failure = { code: 'MH-UNIT-001', exitCode: null, message: '', stderrTail: '', elapsedMs: 1, ...proof };
  journal.recordFailure(unit(1), { kind: 'unit-failure', ...failure });
  journal.dropUnits(LEASE.leaseId, [2]);
  expect(files()).toEqual([]);
  expect([0, 1, 2].map((index) => journal.snapshots.find(unit(index)))).toEqual([undefined, undefined, undefined]);
});

test('a snapshot that comes after its unit was given up is not kept', async () => {
  const writer = await journal.snapshots.create(unit(1), headOf(4));
  await writer?.write(new Uint8Array(4));
  journal.dropUnits(LEASE.leaseId, [1]);
  await writer?.commit();
  expect(files()).toEqual([]);
  expect(journal.snapshots.find(unit(1))).toBeUndefined();
});

test('within the quota the one that took longer to compute stays', async () => {
  expect(await save(0, new Uint8Array(600), 5000)).toBe(true);
  expect(await save(1, new Uint8Array(600), 1000)).toBe(false);
  expect(await save(2, new Uint8Array(600), 9000)).toBe(true);
  expect(journal.snapshots.find(unit(0))).toBeUndefined();
  expect(journal.snapshots.find(unit(2))).toBeDefined();
  expect(await save(2, new Uint8Array(QUOTA_BYTES + 1), 9999)).toBe(false);
  expect(journal.snapshots.find(unit(2))?.sizeBytes).toBe(600);
});

test('files that no row knows are removed at the start', () => {
  writeFileSync(join(directory, 'snapshots', '77'), 'x');
  writeFileSync(join(directory, 'snapshots', '78.part'), 'x');
  journal.close();
  journal = openJournal();
  expect(files()).toEqual([]);
  expect(existsSync(join(directory, 'snapshots'))).toBe(true);
});

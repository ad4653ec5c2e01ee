// The journal: what was recorded is there after opening again; nothing is recorded twice; other versions are refused.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  encodeDagCbor,
  INLINE_BUNDLE_MAXIMUM_BYTES,
  type Lease,
  leaseIdOf,
  rawCidOf,
  sha256,
} from '@manyhands/contract';
import { temporaryFolderSync } from '@manyhands/testing';
import type { UnitRef } from '@manyhands/worker-core';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Journal } from '../../src/journal/journal.js';
import { MIGRATIONS } from '../../src/journal/schema.js';

const hash = 'a'.repeat(52);
const LEASE: Lease = {
  leaseId: leaseIdOf(new Uint8Array(16)),
  durationMs: 30_000,
  manifestCid: rawCidOf(new Uint8Array(1)),
  projectId: `proj_${hash}` as Lease['projectId'],
  batchId: `batch_${hash}` as Lease['batchId'],
  appVersionId: `app_${hash}` as Lease['appVersionId'],
  ranges: [
    [3, 2],
    [9, 1],
  ],
  build: 'nonleaf',
  checkpoint: { handOvers: [new Uint8Array([1, 2])], key: new Uint8Array(32).fill(3) },
};
const unit = (index: number) => ({ leaseId: LEASE.leaseId, index });
const success = (bundle: Uint8Array) => ({
  kind: 'success' as const,
  digest: new Uint8Array(32).fill(4),
  bundleBytes: bundle.length,
  elapsedMs: 12,
  ...{ fuel: 2 ** 52, markCount: 3, chainRoot: new Uint8Array(32).fill(5) },
});
const FAILURE = {
  kind: 'unit-failure',
  code: 'MH-UNIT-002',
  exitCode: 3,
  message: 'no',
  stderrTail: 'tail',
  elapsedMs: 5,
  ...{ fuel: 77, markCount: 1, chainRoot: new Uint8Array(32).fill(6) },
} as const;
const SMALL = new Uint8Array(100).fill(1);
const LARGE = new Uint8Array(INLINE_BUNDLE_MAXIMUM_BYTES + 1).fill(2);

let directory: string;
let journal: Journal;
const openJournal = () => Journal.open({ directory, snapshotsMaximumBytes: 1000 });
beforeEach(() => {
  directory = temporaryFolderSync();
  journal = openJournal();
});
afterEach(() => {
  journal.close();
});

function reopen(): void {
  journal.close();
  journal = openJournal();
}

/** The bytes of a large bundle, by way of the file that uploads read. */
async function bundleIn(unit: UnitRef): Promise<Uint8Array | undefined> {
  const file = await journal.bundleFile(unit);
  if (!file) return undefined;
  const bytes = new Uint8Array(readFileSync(file.path));
  expect([file.sizeBytes, file.sha256]).toEqual([
    bytes.length,
    new Uint8Array(createHash('sha256').update(bytes).digest()),
  ]);
  return bytes;
}

test('a lease comes back with the units that are still open, results beside it', async () => {
  journal.recordLease(LEASE);
  await journal.recordSuccess(unit(3), success(SMALL), SMALL);
  journal.recordFailure(unit(4), FAILURE);
  reopen();
  expect(journal.restore()).toEqual({
    leases: [{ lease: LEASE, openIndexes: [9], begunIndexes: [], sealedIndexes: [] }],
    results: [
      { ...unit(3), ending: success(SMALL), isKept: false },
      { ...unit(4), ending: FAILURE, isKept: false },
    ],
  });
});

test('bundles of both sizes are read back, and are gone with their results', async () => {
  journal.recordLease(LEASE);
  await journal.recordSuccess(unit(3), success(SMALL), SMALL);
  await journal.recordSuccess(unit(4), success(LARGE), LARGE);
  reopen();
  expect(journal.inlineBundle(unit(3))).toEqual(SMALL);
  expect(await bundleIn(unit(4))).toEqual(LARGE);
  expect(journal.inlineBundle(unit(4))).toBeUndefined();
  expect(journal.bundleBytes()).toBe(SMALL.length + LARGE.length);
  journal.keepResult(unit(4));
  expect(journal.restore().results.find(({ index }) => index === 4)?.isKept).toBe(true);
  journal.deleteResult(unit(4));
  expect(readdirSync(join(directory, 'bundles'))).toEqual([]);
  expect(journal.bundleBytes()).toBe(SMALL.length);
});

test('a bundle whose file is gone is missing, not a fault', async () => {
  journal.recordLease(LEASE);
  await journal.recordSuccess(unit(4), success(LARGE), LARGE);
  for (const name of readdirSync(join(directory, 'bundles'))) rmSync(join(directory, 'bundles', name));
  expect(await journal.bundleFile(unit(4))).toBeUndefined();
});

test('an encrypted checkpoint outlasts a restart while its unit is open, and its file goes with it', async () => {
  journal.recordLease(LEASE);
  const record = {
    ...{ key: new Uint8Array(32).fill(1), digest: new Uint8Array(32).fill(2), sizeBytes: 3, fuel: 4, markCount: 5 },
    ...{ chainRoot: null, stateHash: new Uint8Array(32).fill(6) },
  };
  for (const index of [3, 4]) {
    writeFileSync(journal.sealed.path(unit(index)), 'xyz');
    journal.sealed.keep(unit(index), record);
  }
  writeFileSync(journal.sealed.path(unit(9)), 'never finished');
  journal.recordFailure(unit(4), FAILURE);
  reopen();
  expect(journal.sealed.find(unit(3))).toEqual(record);
  expect(journal.sealed.find(unit(4))).toBeUndefined();
  expect(journal.restore().leases).toMatchObject([{ openIndexes: [3, 9], sealedIndexes: [3] }]);
  expect(readdirSync(join(directory, 'checkpoints'))).toHaveLength(1);
  journal.sealed.forget(unit(3));
  expect(readdirSync(join(directory, 'checkpoints'))).toEqual([]);
  journal.dropUnits(LEASE.leaseId, [3], { isSettled: true });
  journal.sealed.keep(unit(3), record);
  expect(journal.sealed.find(unit(3)), 'of a unit that was given up').toBeUndefined();
});

test('a second result for a unit changes nothing', async () => {
  journal.recordLease(LEASE);
  await journal.recordSuccess(unit(4), success(LARGE), LARGE);
  const other = LARGE.slice().fill(9);
  journal.recordFailure(unit(4), FAILURE);
  journal.recordLease(LEASE);
  expect(journal.restore().results).toEqual([{ ...unit(4), ending: success(LARGE), isKept: false }]);
  await journal.recordSuccess(unit(9), success(other), other);
  expect(await bundleIn(unit(4))).toEqual(LARGE);
});

test('a result for a unit that was given up leaves nothing behind', async () => {
  journal.recordLease(LEASE);
  journal.dropUnits(LEASE.leaseId, [3, 4, 9], { isSettled: false });
  await journal.recordSuccess(unit(3), success(LARGE), LARGE);
  expect(readdirSync(join(directory, 'bundles'))).toEqual([]);
  expect(journal.restore()).toEqual({ leases: [], results: [] });
});

test('dropping takes open units only; the lease goes with its last unit', async () => {
  journal.recordLease(LEASE);
  await journal.recordSuccess(unit(3), success(SMALL), SMALL);
  journal.dropUnits(LEASE.leaseId, [3, 4, 9], { isSettled: true });
  expect(journal.restore()).toMatchObject({ leases: [{ openIndexes: [] }], results: [{ index: 3 }] });
  expect(journal.results(LEASE.leaseId, [3, 4])?.results.map(({ index }) => index)).toEqual([3]);
  journal.deleteResult(unit(3));
  expect(journal.restore().leases).toEqual([]);
  expect(journal.results(LEASE.leaseId, [3])).toBeUndefined();
});

test('unfinished and forgotten bundle files are removed at the start', async () => {
  writeFileSync(join(directory, 'bundles', 'lease_x-1.part'), 'x');
  writeFileSync(join(directory, 'bundles', 'lease_x-2'), 'x');
  reopen();
  expect(readdirSync(join(directory, 'bundles'))).toEqual([]);
});

test('every commit is flushed to the disk', () => {
  const database = new Database(join(directory, 'worker.sqlite'));
  expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
  database.close();
});

test('a journal of a newer version is refused and left alone', () => {
  journal.close();
  const database = new Database(join(directory, 'worker.sqlite'));
  database.pragma('user_version = 99');
  database.close();
  expect(() => openJournal()).toThrow(expect.objectContaining({ code: 'MH-GEN-007' }));
  const again = new Database(join(directory, 'worker.sqlite'));
  expect(again.pragma('user_version', { simple: true })).toBe(99);
  again.pragma(`user_version = ${MIGRATIONS.length}`);
  again.close();
  journal = openJournal();
});

test('a migration keeps a copy of what was there', () => {
  journal.close();
  rmSync(join(directory, 'worker.sqlite'));
  // As the first version wrote it: begun without metering, of no use to anybody now.
  const database = new Database(join(directory, 'worker.sqlite'));
  database.exec(MIGRATIONS[0] ?? '');
  database.exec(`INSERT INTO meta VALUES ('paused', 'yes'); INSERT INTO lease VALUES ('lease_x', '{}');
    INSERT INTO unit (lease_id, unit_index, state) VALUES ('lease_x', 1, 'open');`);
  database.pragma('user_version = 1');
  database.close();
  journal = openJournal();
  expect(existsSync(join(directory, `worker.sqlite.before-${MIGRATIONS.length}`))).toBe(true);
  expect(journal.meta('paused')).toBe('yes');
  expect(journal.restore()).toEqual({ leases: [], results: [] });
});

test('snapshots of an older journal are those of their units, whatever lease comes', async () => {
  journal.close();
  for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
  const database = new Database(join(directory, 'worker.sqlite'));
  for (const sql of MIGRATIONS.slice(0, 2)) database.exec(sql);
  const own = { ...LEASE, leaseId: leaseIdOf(new Uint8Array(16).fill(1)), checkpoint: null };
  for (const { lease, index, file } of [
    { lease: LEASE, index: 3, file: '5' },
    { lease: own, index: 9, file: '6' },
  ]) {
    database.prepare('INSERT INTO lease VALUES (?, ?)').run(lease.leaseId, encodeDagCbor(lease));
    database.prepare("INSERT INTO unit (lease_id, unit_index, state) VALUES (?, ?, 'open')").run(lease.leaseId, index);
    database
      .prepare('INSERT INTO snapshot VALUES (?, ?, ?, 3, ?, 0, 77, 1, 5, NULL, NULL, NULL, 0)')
      .run(lease.leaseId, index, file, Buffer.from(sha256(new Uint8Array(3))));
    mkdirSync(join(directory, 'snapshots'), { recursive: true });
    writeFileSync(join(directory, 'snapshots', file), new Uint8Array(3));
  }
  database.pragma('user_version = 2');
  database.close();
  journal = openJournal();
  expect(journal.restore().leases).toMatchObject([
    { openIndexes: [3], begunIndexes: [3] },
    { openIndexes: [9], begunIndexes: [9] },
  ]);
  const { manifestCid } = LEASE;
  const [handOver] = LEASE.checkpoint?.handOvers ?? [];
  const rests = { base: handOver && sha256(handOver), build: 'nonleaf', fuel: 77, expected: null };
  expect(journal.snapshots.find({ manifestCid, index: 3 })).toMatchObject(rests);
  expect(journal.snapshots.find({ manifestCid, index: 9 })).toMatchObject({ ...rests, base: null });
  expect(readdirSync(join(directory, 'snapshots'))).toEqual(['5', '6']);
});

test('a result is stated under another lease too, and each keeps its own', async () => {
  journal.recordLease(LEASE);
  await journal.recordSuccess(unit(3), success(SMALL), SMALL);
  await journal.recordSuccess(unit(4), success(LARGE), LARGE);
  journal.recordFailure(unit(9), FAILURE);
  const again: Lease = { ...LEASE, leaseId: leaseIdOf(new Uint8Array(16).fill(2)) };
  const other = (index: number) => ({ leaseId: again.leaseId, index });
  journal.recordLease(again);
  for (const index of [3, 4, 9]) journal.copyResult(unit(index), other(index));
  for (const index of [3, 4]) journal.deleteResult(unit(index));
  reopen();
  const ending = { isKept: false };
  expect(journal.results(again.leaseId, [3, 4, 9])?.results).toEqual([
    { ...other(3), ending: success(SMALL), ...ending },
    { ...other(4), ending: success(LARGE), ...ending },
    { ...other(9), ending: FAILURE, ...ending },
  ]);
  expect(journal.inlineBundle(other(3))).toEqual(SMALL);
  expect(await bundleIn(other(4))).toEqual(LARGE);
  expect(readdirSync(join(directory, 'bundles'))).toHaveLength(1);
});

test('a file that is no database is refused with its path', () => {
  journal.close();
  for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, 'worker.sqlite'), 'this is not a database, it is a text of some length');
  expect(() => openJournal()).toThrow(expect.objectContaining({ code: 'MH-GEN-013' }));
  rmSync(join(directory, 'worker.sqlite'));
  journal = openJournal();
});

test('named values are kept', () => {
  journal.setMeta('paused', 'yes');
  journal.setMeta('paused', 'no');
  reopen();
  expect(journal.meta('paused')).toBe('no');
  expect(journal.meta('other')).toBeUndefined();
});

// Checkpoints on their way: sealed and opened again, nothing but what was signed is kept.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HandOver, handOverSchema, type Lease, ManyhandsError, open } from '@manyhands/contract';
import { temporaryFolderSync, until } from '@manyhands/testing';
import type { UnitRef } from '@manyhands/worker-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SnapshotHead } from '../../src/executor/messages/messages.js';
import { type CheckpointStation, HandOvers } from '../../src/hand-over/hand-overs.js';
import { SEAL_BYTES } from '../../src/hand-over/sealing.js';
import { Journal } from '../../src/journal/journal.js';
import { coordinatorId, hostKey, leaseOf, OPTIONS } from '../support/identities.js';

const BYTES = new Uint8Array(2_500_000).map((_, at) => at % 253);
const HEAD: SnapshotHead = {
  ...{ reason: 'final-hand-over', sizeBytes: BYTES.length, isCompressed: true, elapsedMs: 5000 },
  ...{ fuel: 9000, markCount: 2, chainRoot: new Uint8Array(32).fill(1), stateHash: new Uint8Array(32).fill(2) },
};
const LEASE: Lease = leaseOf(1, [[4, 1]]);
const UNIT: UnitRef = { leaseId: LEASE.leaseId, index: 4 };
const NAME = { manifestCid: LEASE.manifestCid, index: 4 };

let directory: string;
let journal: Journal;
/** What the coordinator has. */
let stored: Uint8Array;
/** What the next attempts to upload end with, and what was attempted. */
let failures: Error[];
let attempts: Uint8Array[];
let progressCount: number;
const station: CheckpointStation = {
  upload: async (_unit, { file }, { onProgress }) => {
    attempts.push(file.sha256);
    const failure = failures.shift();
    if (failure) throw failure;
    onProgress(file.sizeBytes);
    stored = new Uint8Array(readFileSync(file.path));
  },
  getCheckpoint: async () =>
    (async function* () {
      for (let at = 0; at < stored.length; at += 700_000) yield stored.subarray(at, at + 700_000);
    })(),
};
let handOvers: HandOvers;

beforeEach(async () => {
  directory = temporaryFolderSync();
  journal = Journal.open({ directory, snapshotsMaximumBytes: 10_000_000 });
  journal.recordLease(LEASE);
  const signer = { coordinatorId, hostId: OPTIONS.hostId, keyPair: hostKey };
  [failures, attempts, progressCount] = [[], [], 0];
  handOvers = handOversOf(signer);
  const { sizeBytes, isCompressed, fuel, markCount, elapsedMs } = HEAD;
  const facts = { sizeBytes, isCompressed, fuel, markCount, elapsedMs, expected: null, build: LEASE.build, base: null };
  const writer = await journal.snapshots.create(NAME, facts, () => true);
  await writer?.write(BYTES);
  await writer?.commit();
});
afterEach(() => {
  journal.close();
});

const signal = new AbortController().signal;

function handOversOf(signer: ConstructorParameters<typeof HandOvers>[0]): HandOvers {
  const onProgress = (): void => {
    progressCount += 1;
  };
  return new HandOvers(signer, { station, snapshots: journal.snapshots, sealed: journal.sealed, onProgress });
}

function statementIn(envelope: Uint8Array): HandOver {
  const expected = { schema: handOverSchema, publicKey: hostKey.publicKey };
  const opened = open(envelope, { type: 'hand-over', coordinatorId }, expected);
  if (!opened.ok) throw new Error(opened.reason);
  return opened.value;
}

/** Hands over, and makes the lease that a successor gets. */
async function handedOver(): Promise<Lease> {
  const { envelope, key } = await handOvers.send(UNIT, { lease: LEASE, head: HEAD }, signal);
  journal.snapshots.drop(NAME);
  return { ...LEASE, checkpoint: { handOvers: [envelope.slice()], key: key.slice() } };
}

async function snapshotBytes(): Promise<Uint8Array> {
  const found = journal.snapshots.find(NAME);
  const pieces = [];
  if (found) for await (const piece of journal.snapshots.read(found)) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

test('a checkpoint goes out encrypted, signed, and comes back as it was', async () => {
  const lease = await handedOver();
  expect(stored).toHaveLength(BYTES.length + SEAL_BYTES);
  expect(Buffer.from(stored).includes(Buffer.from(BYTES.subarray(0, 64)))).toBe(false);
  expect(statementIn(lease.checkpoint?.handOvers[0] as Uint8Array)).toMatchObject({
    ...{ index: 4, fromFuel: 0, fuel: 9000, markCount: 2, stateHash: HEAD.stateHash, chainRoot: HEAD.chainRoot },
    checkpointSizeBytes: stored.length,
  });
  await handOvers.fetch(lease, UNIT, signal);
  expect(Buffer.compare(await snapshotBytes(), BYTES)).toBe(0);
  expect(journal.snapshots.find(NAME)).toMatchObject({
    ...{ isCompressed: true, fuel: 9000, expected: { stateHash: HEAD.stateHash, chainRoot: HEAD.chainRoot } },
  });
  expect(readdirSync(join(directory, 'snapshots')).filter((name) => name.includes('temporary'))).toEqual([]);
});

test('a successor’s own hand-over begins where its predecessor’s stopped', async () => {
  const lease = await handedOver();
  await handOvers.fetch(lease, UNIT, signal);
  const { envelope } = await handOvers.send(UNIT, { lease, head: HEAD }, signal);
  expect(statementIn(envelope).fromFuel).toBe(9000);
});

test('a flipped bit, a missing or an added byte is refused, and nothing is kept', async () => {
  const lease = await handedOver();
  const right = stored;
  const flipped = right.slice();
  flipped[1_000_000] = (flipped[1_000_000] ?? 0) ^ 1;
  for (const wrong of [flipped, right.slice(0, -1), new Uint8Array([...right, 0])]) {
    stored = wrong;
    await expect(handOvers.fetch(lease, UNIT, signal)).rejects.toMatchObject({ code: 'MH-CKP-005' });
    expect(journal.snapshots.find(NAME)).toBeUndefined();
  }
  expect(readdirSync(join(directory, 'snapshots'))).toEqual([]);
});

test('another key does not open it', async () => {
  const lease = await handedOver();
  const key = new Uint8Array(32).fill(9);
  const other = { ...lease, checkpoint: { handOvers: lease.checkpoint?.handOvers ?? [], key } };
  await expect(handOvers.fetch(other, UNIT, signal)).rejects.toMatchObject({ code: 'MH-CKP-005' });
  expect(journal.snapshots.find(NAME)).toBeUndefined();
});

test('without a snapshot of that very state there is nothing to hand over', async () => {
  await expect(handOvers.send(UNIT, { lease: LEASE, head: { ...HEAD, fuel: 9001 } }, signal)).rejects.toMatchObject({
    code: 'MH-CKP-006',
  });
});

const sealedFiles = (): string[] => readdirSync(join(directory, 'checkpoints'));

test('a line that breaks is waited out: the same bytes are tried again, and nothing of them stays here', async () => {
  failures = [new ManyhandsError('MH-GEN-005'), new ManyhandsError('MH-NET-005')];
  const { envelope } = await handOvers.send(UNIT, { lease: LEASE, head: HEAD }, signal);
  expect(attempts).toHaveLength(3);
  expect(attempts[0]).toEqual(statementIn(envelope).checkpointDigest);
  expect(new Set(attempts.map((digest) => Buffer.from(digest).toString('hex'))).size).toBe(1);
  expect(progressCount).toBe(1);
  expect(sealedFiles()).toEqual([]);
});

test('a refusal ends it, with nothing kept', async () => {
  failures = [new ManyhandsError('MH-LSE-002')];
  await expect(handOvers.send(UNIT, { lease: LEASE, head: HEAD }, signal)).rejects.toMatchObject({
    code: 'MH-LSE-002',
  });
  expect(sealedFiles()).toEqual([]);
  await expect(handOvers.resume(UNIT, LEASE, signal)).rejects.toMatchObject({ code: 'MH-CKP-006' });
});

test('what the end of the worker cut off goes on after its restart with the same bytes and the same state, though there is a newer snapshot', async () => {
  const stop = new AbortController();
  failures = [new ManyhandsError('MH-GEN-005')];
  const sending = handOvers.send(UNIT, { lease: LEASE, head: HEAD }, stop.signal);
  await until('the first attempt', () => attempts.length === 1);
  stop.abort();
  await expect(sending).rejects.toThrow();
  journal.close();
  journal = Journal.open({ directory, snapshotsMaximumBytes: 10_000_000 });
  journal.snapshots.drop({ manifestCid: LEASE.manifestCid, index: UNIT.index });
  expect(journal.restore().leases).toMatchObject([{ sealedIndexes: [UNIT.index] }]);
  handOvers = handOversOf({ coordinatorId, hostId: OPTIONS.hostId, keyPair: hostKey });
  const { envelope } = await handOvers.resume(UNIT, LEASE, signal);
  expect(attempts[1]).toEqual(attempts[0]);
  const { fuel, markCount, stateHash, checkpointDigest } = statementIn(envelope);
  expect({ fuel, markCount, stateHash }).toEqual({
    fuel: HEAD.fuel,
    markCount: HEAD.markCount,
    stateHash: HEAD.stateHash,
  });
  expect(checkpointDigest).toEqual(attempts[0]);
  expect(sealedFiles()).toEqual([]);
});

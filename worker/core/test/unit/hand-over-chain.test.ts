// The account of all predecessors: unbroken, of this very unit, each part signed by the host that computed it.
import {
  coordinatorIdOf,
  type HandOver,
  hostIdOf,
  type KeyPair,
  keyPairOfSeed,
  type Lease,
  rawCidOf,
  seal,
} from '@manyhands/contract';
import { checkHandOvers } from '@manyhands/worker-core';
import { expect, test } from 'vitest';
import { leaseOf, OPTIONS } from '../support/core.js';

const { coordinatorId } = OPTIONS;
const first = keyPairOfSeed(new Uint8Array(32).fill(21));
const second = keyPairOfSeed(new Uint8Array(32).fill(22));
const LEASE = leaseOf(7, [[3, 1]]);
const hash = (value: number) => new Uint8Array(32).fill(value);

function statement(key: KeyPair, change: Partial<HandOver> = {}): HandOver {
  const { manifestCid, appVersionId, build } = LEASE;
  return {
    ...{ version: 1, hostId: hostIdOf(key.publicKey), leaseId: leaseOf(1, []).leaseId, manifestCid, index: 3 },
    ...{ appVersionId, build, fromFuel: 0, fuel: 100, markCount: 1, chainRoot: hash(1), stateHash: hash(2) },
    ...{ checkpointDigest: hash(3), checkpointSizeBytes: 1000 },
    ...change,
  };
}

const sign = (value: HandOver, key: KeyPair, context = coordinatorId): Uint8Array<ArrayBuffer> =>
  seal(value, { type: 'hand-over', coordinatorId: context }, key).slice();
const leaseWith = (...handOvers: Uint8Array<ArrayBuffer>[]): Lease => ({
  ...LEASE,
  checkpoint: { handOvers, key: hash(4) },
});

const FIRST = sign(statement(first), first);
const SECOND = statement(second, { fromFuel: 100, fuel: 250, markCount: 2 });

test('one or more hand-overs in a row are an account; the last one counts', () => {
  expect(checkHandOvers(leaseWith(FIRST), coordinatorId)).toMatchObject({ ok: true, last: { fuel: 100 } });
  expect(checkHandOvers(leaseWith(FIRST, sign(SECOND, second)), coordinatorId)).toEqual({ ok: true, last: SECOND });
});

test('a checkpoint before the first mark has no chain yet', () => {
  const early = sign(statement(first, { markCount: 0, chainRoot: null }), first);
  expect(checkHandOvers(leaseWith(early), coordinatorId)).toMatchObject({ ok: true });
});

const flipped = FIRST.slice();
flipped[flipped.length - 3] = (flipped[flipped.length - 3] ?? 0) ^ 1;

test.for([
  ['a bad signature', leaseWith(flipped), 'MH-CKP-005'],
  ['bytes that are no envelope', leaseWith(new Uint8Array([1])), 'MH-CKP-005'],
  ['the name of another host', leaseWith(sign(statement(second), first)), 'MH-CKP-005'],
  ['another coordinator', leaseWith(sign(statement(first), first, coordinatorIdOf(first.publicKey))), 'MH-CKP-005'],
  ['another unit', leaseWith(sign(statement(first, { index: 4 }), first)), 'MH-CKP-002'],
  ['another batch', leaseWith(sign(statement(first, { manifestCid: rawCidOf(hash(9)) }), first)), 'MH-CKP-002'],
  ['another build', leaseWith(sign(statement(first, { build: 'all' }), first)), 'MH-CKP-002'],
  ['a lease of two units', { ...leaseWith(FIRST), ranges: [[3, 2]] as [number, number][] }, 'MH-CKP-002'],
  ['a missing beginning', leaseWith(sign(SECOND, second)), 'MH-CKP-003'],
  ['a gap', leaseWith(FIRST, sign({ ...SECOND, fromFuel: 101 }, second)), 'MH-CKP-003'],
  ['no progress', leaseWith(FIRST, sign({ ...SECOND, fuel: 100 }, second)), 'MH-CKP-003'],
  ['marks that go back', leaseWith(FIRST, sign({ ...SECOND, markCount: 0, chainRoot: null }, second)), 'MH-CKP-003'],
  ['marks without a chain', leaseWith(sign(statement(first, { chainRoot: null }), first)), 'MH-CKP-003'],
  ['no hand-over', LEASE, 'MH-CKP-006'],
] as const)('refused: %s', ([, lease, code]) => {
  expect(checkHandOvers(lease as Lease, coordinatorId)).toMatchObject({ ok: false, code });
});

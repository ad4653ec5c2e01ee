// The chain of signatures: each broken link is found, and named by its code.
import {
  appVersionIdOf,
  batchIdOf,
  COST_TABLE,
  coordinatorIdOf,
  encodeDagCbor,
  HOST_ABI,
  INSTRUMENTER,
  type KeyPair,
  keyPairOfSeed,
  projectIdOf,
  rawCidOf,
  type SignedType,
  seal,
} from '@manyhands/contract';
import { expect, test } from 'vitest';
import { verifyManifest } from '../../src/data-plane/verified-manifest.js';

const keyOf = (number: number) => keyPairOfSeed(new Uint8Array(32).fill(number));
const owner = keyOf(1);
const stranger = keyOf(2);
const coordinatorId = coordinatorIdOf(keyOf(3).publicKey);
const elsewhere = coordinatorIdOf(keyOf(4).publicKey);
const cid = rawCidOf(new Uint8Array(3));

const genesis = (ownerKey = owner.publicKey) => ({
  version: 1,
  name: 'p',
  title: 'P',
  question: '',
  description: '',
  ownerKey,
  nonce: new Uint8Array(16),
});
const projectId = projectIdOf(encodeDagCbor(genesis()));
const app = (change = {}) => ({
  version: 1,
  projectId,
  name: 'a',
  original: { cid, sizeBytes: 100 },
  builds: { nonleaf: { cid, sizeBytes: 100 }, all: { cid, sizeBytes: 100 } },
  hostAbi: HOST_ABI,
  instrumenter: INSTRUMENTER,
  costTable: COST_TABLE,
  memoryMaximumBytes: 65536,
  sourceCid: null,
  buildRecord: null,
  ...change,
});
const appVersionId = appVersionIdOf(encodeDagCbor(app()));
const root = (change = {}) => ({
  version: 1,
  projectId,
  batchName: 'b',
  appVersionId,
  unitCount: 1,
  pages: [cid],
  common: { programName: 'x', args: [], env: {}, files: [], collect: [], okExitCodes: [0], clockMs: null },
  limits: { timeoutMs: 1000, outputMaximumBytes: 10, fuelMaximum: 1000, expectedDurationMs: 1 },
  presentation: null,
  ...change,
});
const lease = { projectId, appVersionId, batchId: batchIdOf(projectId, 'b') };
const signed = (value: unknown, type: SignedType, by: KeyPair = owner, context = coordinatorId) =>
  seal(value, { type, coordinatorId: context }, by);
const RIGHT = {
  genesis: signed(genesis(), 'project-genesis'),
  manifest: signed(root(), 'manifest'),
  appVersion: signed(app(), 'app-version'),
};

test('a genuine chain is accepted', () => {
  expect(verifyManifest(lease, RIGHT, coordinatorId)).toEqual({ root: root(), appVersion: app() });
});

const flipped = RIGHT.manifest.slice();
flipped[flipped.length - 5] = (flipped[flipped.length - 5] ?? 0) ^ 1;

test.for([
  ['a manifest with a bad signature', { manifest: flipped }, 'MH-SIG-001'],
  ['a manifest signed by another key', { manifest: signed(root(), 'manifest', stranger) }, 'MH-SIG-004'],
  [
    'a manifest signed for another coordinator',
    { manifest: signed(root(), 'manifest', owner, elsewhere) },
    'MH-SIG-001',
  ],
  ['another signed thing in place of the manifest', { manifest: RIGHT.appVersion }, 'MH-SIG-001'],
  ['bytes that are no envelope', { manifest: new Uint8Array([1, 2]) }, 'MH-SIG-002'],
  ['an app version signed by another key', { appVersion: signed(app(), 'app-version', stranger) }, 'MH-SIG-004'],
  ['another app version of the project', { appVersion: signed(app({ name: 'z' }), 'app-version') }, 'MH-SIG-004'],
  [
    'a genesis of another owner',
    { genesis: signed(genesis(stranger.publicKey), 'project-genesis', stranger) },
    'MH-SIG-004',
  ],
  ['another pipeline', { appVersion: signed(app({ instrumenter: 'engine-v2' }), 'app-version') }, 'MH-APP-004'],
  ['another cost table', { appVersion: signed(app({ costTable: null }), 'app-version') }, 'MH-APP-004'],
  ['another host ABI', { appVersion: signed(app({ hostAbi: 1, builds: null }), 'app-version') }, 'MH-APP-004'],
  ['a genesis not signed by its owner', { genesis: signed(genesis(), 'project-genesis', stranger) }, 'MH-SIG-004'],
  ['a manifest of another batch', { manifest: signed(root({ batchName: 'c' }), 'manifest') }, 'MH-BAT-003'],
  [
    'a manifest for another app version',
    { manifest: signed(root({ appVersionId: appVersionIdOf(new Uint8Array(1)) }), 'manifest') },
    'MH-BAT-003',
  ],
] as const)('%s is refused', ([, change, code]) => {
  expect(() => verifyManifest(lease, { ...RIGHT, ...change }, coordinatorId)).toThrow(
    expect.objectContaining({ code }),
  );
});

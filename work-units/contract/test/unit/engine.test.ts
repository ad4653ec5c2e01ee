// What the contract says of the engine: builds of an app version, marks, credit by fuel, handing a begun unit over.
import {
  type AppVersion,
  appVersionSchema,
  COST_TABLE,
  creditMilliOf,
  decodeToCoordinator,
  decodeToWorker,
  encodeDagCbor,
  FUEL_MAXIMUM,
  FUEL_PER_COBBLESTONE,
  firstBuildOf,
  HOST_ABI,
  handOverSchema,
  INSTRUMENTER,
  MARKS_MAXIMUM,
  MEMORY_MAXIMUM_BYTES,
  markSpacingOf,
  moduleOf,
  rawCidOf,
  UNIT_TIMEOUT_MAXIMUM_MS,
} from '@manyhands/contract';
import { expect, test } from 'vitest';

const file = (text: string) => ({ cid: rawCidOf(new TextEncoder().encode(text)), sizeBytes: 8 + text.length });
const command = {
  version: 1,
  projectId: `proj_${'a'.repeat(52)}`,
  name: 'count',
  original: file('original'),
  builds: { nonleaf: file('nonleaf'), all: file('all') },
  hostAbi: HOST_ABI,
  instrumenter: INSTRUMENTER,
  costTable: COST_TABLE,
  memoryMaximumBytes: 65536,
  sourceCid: null,
  buildRecord: null,
} as AppVersion;
const step = { ...command, builds: { step: file('step') } } as AppVersion;

test('an app version has either both builds of a command or the one of a step program', () => {
  for (const good of [command, step]) expect(appVersionSchema.parse(good)).toEqual(good);
  const { nonleaf, all } = command.builds as { nonleaf: object; all: object };
  const wrong: object[] = [
    ...[{}, { nonleaf }, { all }, { nonleaf, all, step: all }, { nonleaf, all, other: all }].map((builds) => ({
      builds,
    })),
    ...[{ hostAbi: 1 }, { instrumenter: 'cap-v1' }, { costTable: null }, { original: null }, { module: file('x') }],
  ];
  for (const change of wrong)
    expect(appVersionSchema.safeParse({ ...command, ...change }).success, JSON.stringify(change)).toBe(false);
  expect([firstBuildOf(command), firstBuildOf(step)]).toEqual(['nonleaf', 'step']);
  expect(moduleOf(command, 'all')).toEqual(all);
  expect([moduleOf(command, 'step'), moduleOf(step, 'all')]).toEqual([undefined, undefined]);
});

test('marks are so far apart that a day of any unit stays within their number, and further apart for larger memories', () => {
  expect(markSpacingOf(65536)).toBe(2 ** 32);
  expect(markSpacingOf(MEMORY_MAXIMUM_BYTES)).toBe(2048 * MEMORY_MAXIMUM_BYTES);
  const fuelPerMs = 10_000_000; // far more than today's processors manage
  expect((UNIT_TIMEOUT_MAXIMUM_MS * fuelPerMs) / markSpacingOf(65536)).toBeLessThan(MARKS_MAXIMUM);
});

test('credit is exact for the largest fuel, rounded down, and keeps the factor of its batch', () => {
  expect(creditMilliOf(FUEL_PER_COBBLESTONE, FUEL_PER_COBBLESTONE)).toBe(1000);
  expect(creditMilliOf(FUEL_PER_COBBLESTONE / 1000 - 1, FUEL_PER_COBBLESTONE)).toBe(0);
  expect(creditMilliOf(FUEL_MAXIMUM, FUEL_PER_COBBLESTONE)).toBe(
    Number((BigInt(FUEL_MAXIMUM) * 1000n) / BigInt(FUEL_PER_COBBLESTONE)),
  );
  expect(creditMilliOf(1_000_000, 1000)).toBe(1_000_000);
});

const handOver = {
  version: 1,
  hostId: `host_${'a'.repeat(52)}`,
  leaseId: `lease_${'a'.repeat(26)}`,
  manifestCid: file('m').cid,
  index: 3,
  appVersionId: `app_${'b'.repeat(52)}`,
  build: 'nonleaf',
  fromFuel: 0,
  fuel: 10,
  markCount: 0,
  chainRoot: null,
  stateHash: new Uint8Array(32),
  checkpointDigest: new Uint8Array(32),
  checkpointSizeBytes: 100,
};

test('a hand-over states a state and its chain, in whole and bounded numbers', () => {
  expect(handOverSchema.safeParse(handOver).error).toBeUndefined();
  const changes = [
    ...[{ fuel: 0 }, { fuel: 2 ** 53 }, { fromFuel: -1 }, { markCount: MARKS_MAXIMUM + 1 }, { build: 'other' }],
    ...[{ chainRoot: new Uint8Array(31) }, { stateHash: null }, { checkpointSizeBytes: 2 ** 40 }, { more: 1 }],
  ];
  for (const change of changes)
    expect(handOverSchema.safeParse({ ...handOver, ...change }).success, JSON.stringify(change)).toBe(false);
  const message = { t: 'hand.over', id: 1, envelope: new Uint8Array(900), key: new Uint8Array(32), isFinal: true };
  expect(decodeToCoordinator(encodeDagCbor(message))).toEqual({ ok: true, message });
  expect(decodeToCoordinator(encodeDagCbor({ ...message, key: new Uint8Array(31) })).ok).toBe(false);
});

test('a lease of a begun unit carries what its predecessors signed, and at least one of them', () => {
  const lease = {
    leaseId: handOver.leaseId,
    durationMs: 60_000,
    manifestCid: handOver.manifestCid,
    projectId: command.projectId,
    batchId: `batch_${'a'.repeat(52)}`,
    appVersionId: handOver.appVersionId,
    ranges: [[3, 1]],
    build: 'nonleaf',
    checkpoint: { handOvers: [new Uint8Array(900)], key: new Uint8Array(32) },
  };
  const isRead = (change: object): boolean =>
    decodeToWorker(encodeDagCbor({ t: 'lease.grant', id: 1, leases: [{ ...lease, ...change }] })).ok;
  expect(isRead({})).toBe(true);
  expect(isRead({ checkpoint: null })).toBe(true);
  const key = new Uint8Array(32);
  for (const handOvers of [[], [new Uint8Array(3000)], Array.from({ length: 9 }, () => new Uint8Array(9))])
    expect(isRead({ checkpoint: { handOvers, key } }), `${handOvers.length}`).toBe(false);
  expect(isRead({ build: 'other' })).toBe(false);
});

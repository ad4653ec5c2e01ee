// A small batch for tests: owner, app version, manifest, inputs, all signed and cut into blocks like a scientist's.
import {
  appVersionIdOf,
  type Block,
  type Build,
  batchIdOf,
  type CheckpointOffer,
  COST_TABLE,
  type CoordinatorId,
  encodeDagCbor,
  encodeManifestPage,
  FUEL_MAXIMUM,
  HOST_ABI,
  INSTRUMENTER,
  type KeyPair,
  keyPairOfSeed,
  type Lease,
  leaseIdOf,
  open,
  projectGenesisSchema,
  projectIdOf,
  rawCidOf,
  seal,
  splitFile,
  toBase64Url,
  utf8Bytes,
} from '@manyhands/contract';
import { appOf } from './apps.js';
import { assemble } from './modules.js';

const MEMORY_BYTES = 64 * 1024 * 1024;

export type TestBatch = {
  blocks: Map<string, Uint8Array>;
  genesis: string;
  record: string;
  lease(number: number, ranges: [number, number][], durationMs?: number): Lease;
  /** Of one unit, for another build or with a predecessor's checkpoint. */
  leaseOf(number: number, index: number, how: { build?: Build; checkpoint?: CheckpointOffer }): Lease;
  inputs: Uint8Array[];
};

type LeaseParts = {
  ranges: [number, number][];
  durationMs?: number;
  build?: Build;
  checkpoint?: CheckpointOffer | null;
};

type BatchOptions = {
  program: string;
  inputs: Uint8Array[];
  coordinatorId: CoordinatorId;
  /** Who signs the manifest; another key than the owner's makes a forged batch. */
  signer?: KeyPair;
  timeoutMs?: number;
  /** Another engine than the worker's. */
  instrumenter?: string;
};

/** Publishes and submits, in memory. */
export async function makeBatch(options: BatchOptions): Promise<TestBatch> {
  const { program, inputs, coordinatorId, signer, timeoutMs = 600_000, instrumenter = INSTRUMENTER } = options;
  const owner = keyPairOfSeed(new Uint8Array(32).fill(40));
  const blocks = new Map<string, Uint8Array>();
  const add = (all: readonly Block[]): void => {
    for (const { cid, bytes } of all) blocks.set(cid, bytes);
  };
  const file = (bytes: Uint8Array) => {
    const { ref, blocks: parts } = splitFile(bytes);
    add(parts);
    return ref;
  };
  const genesis = {
    ...{ version: 1, name: 'test', title: 'Test', question: '', description: '' },
    ownerKey: owner.publicKey,
    nonce: new Uint8Array(16),
  };
  const genesisEnvelope = seal(genesis, { type: 'project-genesis', coordinatorId }, owner);
  const opened = open(genesisEnvelope, { type: 'project-genesis', coordinatorId }, { schema: projectGenesisSchema });
  if (!opened.ok) throw new Error(opened.reason);
  const projectId = projectIdOf(opened.payload);
  const { builds, memoryMaximumBytes } = await appOf(program, MEMORY_BYTES);
  const app = {
    ...{ version: 1, projectId, name: 'app', original: file(assemble(program)) },
    builds: Object.fromEntries(Object.entries(builds).map(([build, wasm]) => [build, file(wasm)])),
    ...{ hostAbi: HOST_ABI, instrumenter, costTable: COST_TABLE },
    ...{ memoryMaximumBytes, sourceCid: null, buildRecord: null },
  };
  const appVersionId = appVersionIdOf(encodeDagCbor(app));
  const units = inputs.map((input, index) => ({ name: `u${index}`, args: [], stdin: file(input), files: [] }));
  const page = encodeManifestPage({ version: 1, firstIndex: 0, units });
  add([page]);
  const root = {
    ...{ version: 1, projectId, batchName: 'batch', appVersionId, unitCount: units.length, pages: [page.cid] },
    common: { programName: 'program', args: [], env: {}, files: [], collect: [], okExitCodes: [0], clockMs: null },
    limits: { timeoutMs, outputMaximumBytes: 8 * 1024 * 1024, fuelMaximum: FUEL_MAXIMUM, expectedDurationMs: 100 },
    presentation: null,
  };
  const manifest = seal(root, { type: 'manifest', coordinatorId }, signer ?? owner);
  const manifestCid = rawCidOf(manifest);
  blocks.set(manifestCid, manifest);
  const leaseWith = (
    number: number,
    { ranges, durationMs = 30_000, build = 'nonleaf', checkpoint = null }: LeaseParts,
  ): Lease => ({
    leaseId: leaseIdOf(utf8Bytes(String(number).padStart(16, '0'))),
    ...{ durationMs, manifestCid, projectId, batchId: batchIdOf(projectId, 'batch'), appVersionId },
    ...{ ranges, build, checkpoint },
  });
  return {
    blocks,
    inputs,
    genesis: toBase64Url(genesisEnvelope),
    record: toBase64Url(seal(app, { type: 'app-version', coordinatorId }, owner)),
    lease: (number, ranges, durationMs = 30_000) => leaseWith(number, { ranges, durationMs }),
    leaseOf: (number, index, how) => leaseWith(number, { ranges: [[index, 1]], ...how }),
  };
}

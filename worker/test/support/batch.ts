// A small batch for tests: owner, app version, manifest, inputs, all signed and cut into blocks like a scientist's.
import {
  appVersionIdOf,
  type Block,
  batchIdOf,
  type CoordinatorId,
  encodeDagCbor,
  encodeManifestPage,
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
import { prepareModule } from '@manyhands/instrument';
import { assemble } from './modules.js';

const MEMORY_BYTES = 64 * 1024 * 1024;

export type TestBatch = {
  blocks: Map<string, Uint8Array>;
  genesis: string;
  record: string;
  lease(number: number, ranges: [number, number][], durationMs?: number): Lease;
  inputs: Uint8Array[];
};

type BatchOptions = {
  program: string;
  inputs: Uint8Array[];
  coordinatorId: CoordinatorId;
  /** Who signs the manifest; another key than the owner's makes a forged batch. */
  signer?: KeyPair;
  timeoutMs?: number;
};

/** Publishes and submits, in memory. */
export function makeBatch({ program, inputs, coordinatorId, signer, timeoutMs = 60_000 }: BatchOptions): TestBatch {
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
  const { wasm, memoryMaximumBytes } = prepareModule(assemble(program), {
    memoryMaximumBytes: MEMORY_BYTES,
    moduleMaximumBytes: MEMORY_BYTES,
  });
  const app = {
    ...{ version: 1, projectId, name: 'app', module: file(wasm), hostAbi: 1, instrumenter: 'cap-v1' },
    ...{ memoryMaximumBytes, creditPerReplicaMilli: 1, sourceCid: null, buildRecord: null, costTable: null },
  };
  const appVersionId = appVersionIdOf(encodeDagCbor(app));
  const units = inputs.map((input, index) => ({ name: `u${index}`, args: [], stdin: file(input), files: [] }));
  const page = encodeManifestPage({ version: 1, firstIndex: 0, units });
  add([page]);
  const root = {
    ...{ version: 1, projectId, batchName: 'batch', appVersionId, unitCount: units.length, pages: [page.cid] },
    common: { programName: 'program', args: [], env: {}, files: [], collect: [], okExitCodes: [0] },
    limits: { timeoutMs, outputMaximumBytes: 8 * 1024 * 1024, expectedDurationMs: 100 },
    presentation: null,
  };
  const manifest = seal(root, { type: 'manifest', coordinatorId }, signer ?? owner);
  const manifestCid = rawCidOf(manifest);
  blocks.set(manifestCid, manifest);
  return {
    blocks,
    inputs,
    genesis: toBase64Url(genesisEnvelope),
    record: toBase64Url(seal(app, { type: 'app-version', coordinatorId }, owner)),
    lease: (number, ranges, durationMs = 30_000) => ({
      leaseId: leaseIdOf(utf8Bytes(String(number).padStart(16, '0'))),
      ...{ durationMs, manifestCid, projectId, batchId: batchIdOf(projectId, 'batch'), appVersionId, ranges },
    }),
  };
}

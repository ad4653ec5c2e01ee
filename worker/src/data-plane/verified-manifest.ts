// The chain of signatures from a project's identifier to its units: genesis -> owner key -> manifest and app version. Nothing else is believed.
import {
  type AppVersion,
  appVersionIdOf,
  appVersionSchema,
  batchIdOf,
  COST_TABLE,
  type CoordinatorId,
  type ErrorCode,
  equalBytes,
  HOST_ABI,
  INSTRUMENTER,
  type Lease,
  type ManifestRoot,
  ManyhandsError,
  manifestRootSchema,
  open,
  projectGenesisSchema,
  projectIdOf,
  type SignedType,
} from '@manyhands/contract';
import { z } from 'zod';

export type VerifiedManifest = { root: ManifestRoot; appVersion: AppVersion };
export type ManifestEnvelopes = { genesis: Uint8Array; manifest: Uint8Array; appVersion: Uint8Array };

/** Verifies everything that a lease names. Throws MH-SIG-001, MH-SIG-002, MH-SIG-004, MH-BAT-003, MH-APP-004. */
export function verifyManifest(
  lease: Pick<Lease, 'projectId' | 'batchId' | 'appVersionId'>,
  envelopes: ManifestEnvelopes,
  coordinatorId: CoordinatorId,
): VerifiedManifest {
  const opener = <T>(
    envelope: Uint8Array,
    type: SignedType,
    expected: { schema: z.ZodType<T>; publicKey?: Uint8Array },
  ) => {
    const opened = open(envelope, { type, coordinatorId }, expected);
    if (opened.ok) return opened;
    throw new ManyhandsError(opened.code, { message: `The ${type} of the batch is not genuine: ${opened.reason}.` });
  };
  const genesis = opener(envelopes.genesis, 'project-genesis', { schema: projectGenesisSchema });
  const { ownerKey: publicKey } = genesis.value;
  must(projectIdOf(genesis.payload) === lease.projectId, 'MH-SIG-004', 'the genesis is of another project');
  must(equalBytes(genesis.publicKey, publicKey), 'MH-SIG-004', 'the genesis is not signed by the owner');
  const manifest = opener(envelopes.manifest, 'manifest', { schema: manifestRootSchema, publicKey });
  const pins = opener(envelopes.appVersion, 'app-version', { schema: pinsSchema, publicKey }).value;
  if (!isKept(pins))
    throw new ManyhandsError('MH-APP-004', {
      message: `This worker keeps host ABI ${HOST_ABI}, ${INSTRUMENTER} and ${COST_TABLE}; the app version is pinned to host ABI ${pins.hostAbi}, ${pins.instrumenter} and ${pins.costTable}.`,
    });
  const app = opener(envelopes.appVersion, 'app-version', { schema: appVersionSchema, publicKey });
  const root = manifest.value;
  must(appVersionIdOf(app.payload) === lease.appVersionId, 'MH-SIG-004', 'the record is of another app version');
  must(app.value.projectId === lease.projectId, 'MH-BAT-003', 'the app version is of another project');
  must(root.projectId === lease.projectId, 'MH-BAT-003', 'the manifest is of another project');
  must(root.appVersionId === lease.appVersionId, 'MH-BAT-003', 'the manifest is for another app version');
  must(batchIdOf(root.projectId, root.batchName) === lease.batchId, 'MH-BAT-003', 'the manifest is of another batch');
  return { root, appVersion: app.value };
}

/** The engine that an app version is pinned to; read before the rest, which another engine may shape in another way. */
const pinsSchema = z.looseObject({
  hostAbi: z.int(),
  instrumenter: z.string().max(100).nullable(),
  costTable: z.string().max(100).nullable(),
});

function isKept({ hostAbi, instrumenter, costTable }: z.infer<typeof pinsSchema>): boolean {
  return hostAbi === HOST_ABI && instrumenter === INSTRUMENTER && costTable === COST_TABLE;
}

function must(isTrue: boolean, code: ErrorCode, reason: string): void {
  if (!isTrue) throw new ManyhandsError(code, { message: `The batch is not genuine: ${reason}.` });
}

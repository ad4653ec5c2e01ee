// Submission: inputs and pages go up as blocks, then the signed root and policy. Doing it again finds the same batch.
import {
  type AppVersionId,
  type Batch as BatchStatus,
  BLOCK_MAXIMUM_BYTES,
  batchIdOf,
  batchSchema,
  dagCborCidOf,
  isManyhandsError,
  MANIFEST_BY_CID,
  type ManifestRoot,
  ManyhandsError,
  type ProjectId,
  seal,
  toBase64Url,
} from '@manyhands/contract';
import { sealPolicy } from '../policy/sealed-policy.js';
import type { Signer } from '../rest/client.js';
import type { Connected } from '../rest/connected.js';
import { Batch } from '../results/batch.js';
import { BlockUploader, type UploadCounts } from './block-uploader.js';
import { makeRoot, storeFiles, writePages } from './manifest.js';
import { type BatchOptions, DEFAULT_QUORUM, type Inputs } from './options.js';
import { applyPolicy } from './policy.js';
import { createSourceReader } from './source.js';
import { checkShared } from './unit-checks.js';

/** A longer root goes up as a block only: the call stays below what proxies let through. */
const INLINE_ROOT_MAXIMUM_BYTES = 512 * 1024;

/**
 * Submits a batch, or goes on with the same one, whose policy follows the options while it is open. Inputs in an array are read twice: what is
 * wrong with any of them, and whether the batch exists, is known before anything is sent. Throws MH-BAT-001 when the name is taken by a batch of
 * other contents, MH-BAT-010 when the batch is complete with a lower quorum than asked for.
 */
export async function submitBatch(app: Published, inputs: Inputs, options: BatchOptions): Promise<Batch> {
  checkShared(options);
  if (Array.isArray(inputs)) {
    const existing = await findBatch(app, inputs, options);
    await options.onFound?.(existing ?? null);
    if (existing) return applyPolicy(existing, options);
  }
  const { coordinator, signer, id: projectId } = app.project;
  const { signal } = options;
  const uploader = new BlockUploader({ rest: coordinator.rest, signer, projectId, signal });
  const manifest = await prepare(app, inputs, { options, uploader });
  await uploader.add({ cid: dagCborCidOf(manifest.envelope), bytes: manifest.envelope });
  await uploader.finish();
  options.onProgress?.({ unitsPrepared: manifest.root.unitCount, ...uploader.counts });
  return applyPolicy(batchOf(app, await post(app, manifest, options), manifest.root), options);
}

/** A program that units can be made for: the `App` of `project.app`. */
export type Published = {
  readonly id: AppVersionId;
  readonly name: string;
  readonly project: { readonly id: ProjectId; readonly coordinator: Connected; readonly signer: Signer };
};

type Manifest = { root: ManifestRoot; envelope: Uint8Array };
type Uploader = Pick<BlockUploader, 'add' | 'counts'>;

/** The batch of the same name and contents, if the coordinator has it. Throws MH-BAT-001 when its contents are others. */
async function findBatch(app: Published, inputs: Inputs, options: BatchOptions): Promise<Batch | undefined> {
  const counts: UploadCounts = { blocks: 0, uploadedBlocks: 0, uploadedBytes: 0 };
  const { root, envelope } = await prepare(app, inputs, { options, uploader: { add: async () => {}, counts } });
  const path = `/api/v1/batches/${batchIdOf(app.project.id, root.batchName)}`;
  const { rest } = app.project.coordinator;
  try {
    const status = await rest.json({ method: 'GET', path, signal: options.signal }, batchSchema);
    if (status.manifestCid !== dagCborCidOf(envelope)) throw nameTaken(status);
    return batchOf(app, status, root);
  } catch (error) {
    if (isManyhandsError(error) && error.code === 'MH-GEN-003') return undefined;
    throw error;
  }
}

function nameTaken({ name, batchId }: BatchStatus): ManyhandsError {
  return new ManyhandsError('MH-BAT-001', {
    message: `There is a batch ${name} already, with another program, other inputs or other options. Please give this one another name.`,
    meta: { batchId, name },
  });
}

function batchOf({ project: { coordinator, signer } }: Published, status: BatchStatus, root: ManifestRoot): Batch {
  return new Batch(status, { coordinator, signer, root });
}

/** Reads all inputs into blocks and makes the manifest of them. */
async function prepare(
  app: Published,
  inputs: Inputs,
  { options, uploader }: { options: BatchOptions; uploader: Uploader },
): Promise<Manifest> {
  const { id: projectId, coordinator } = app.project;
  const { limits } = coordinator.info;
  const sources = createSourceReader({ inputMaximumBytes: limits.inputFileMaximumBytes }, { uploader });
  const files = await storeFiles(options.files ?? {}, sources);
  const written = await writePages(
    inputs,
    {
      hasCollectedFiles: (options.collect ?? []).length > 0,
      unitsMaximum: limits.unitsPerBatchMaximum,
      sharedFiles: files,
      signal: options.signal,
    },
    {
      sources,
      addBlock: (block) => uploader.add(block),
      onUnit: (unitsPrepared) => options.onProgress?.({ unitsPrepared, ...uploader.counts }),
    },
  );
  const root = makeRoot({ projectId, appVersionId: app.id, appName: app.name }, options, { ...written, files });
  return { root, envelope: sealRoot(root, app) };
}

/** The root block is the signed envelope itself. */
function sealRoot(root: ManifestRoot, app: Published): Uint8Array {
  const { keyPair, coordinatorId } = app.project.signer;
  const envelope = seal(root, { type: 'manifest', coordinatorId }, keyPair);
  if (envelope.length <= BLOCK_MAXIMUM_BYTES) return envelope;
  throw new ManyhandsError('MH-BAT-005', {
    message: 'The arguments and file names that all units share are larger than 1 MiB. Please pass them in a file.',
    meta: { sizeBytes: envelope.length },
  });
}

async function post(app: Published, { root, envelope }: Manifest, options: BatchOptions): Promise<BatchStatus> {
  const policy = {
    batchId: batchIdOf(app.project.id, root.batchName),
    sequence: 0,
    quorum: options.quorum ?? DEFAULT_QUORUM,
    priority: options.priority ?? 0,
    expiresAfterMs: options.expiresAfterMs ?? null,
  };
  const { features } = app.project.coordinator.info;
  const isNamed = envelope.length > INLINE_ROOT_MAXIMUM_BYTES && features.includes(MANIFEST_BY_CID);
  const json = {
    manifest: isNamed ? { cid: dagCborCidOf(envelope) } : toBase64Url(envelope),
    policy: sealPolicy(policy, app.project.signer),
  };
  const path = `/api/v1/projects/${app.project.id}/batches`;
  return app.project.coordinator.rest.json(
    { method: 'POST', path, json, signer: app.project.signer, signal: options.signal, timeoutMs: 120_000 },
    batchSchema,
  );
}

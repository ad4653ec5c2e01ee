// Submission: inputs and pages go up as blocks, then the signed root and policy. Doing it again finds the same batch.
import {
  type Batch as BatchStatus,
  BLOCK_MAXIMUM_BYTES,
  batchIdOf,
  batchSchema,
  dagCborCidOf,
  MANIFEST_BY_CID,
  type ManifestRoot,
  ManyhandsError,
  seal,
  toBase64Url,
} from '@manyhands/contract';
import type { App } from '../build/app.js';
import { Batch } from '../results/batch.js';
import { BlockUploader } from './block-uploader.js';
import { makeRoot, storeFiles, writePages } from './manifest.js';
import { type BatchOptions, DEFAULT_QUORUM, type Inputs } from './options.js';
import { createSourceReader } from './source.js';

/** A longer root goes up as a block only: the call stays below what proxies let through. */
const INLINE_ROOT_MAXIMUM_BYTES = 512 * 1024;

/** Submits a batch, or goes on with the same one. Throws MH-BAT-001 when the name is taken by a batch of other contents. */
export async function submitBatch(app: App, inputs: Inputs, options: BatchOptions): Promise<Batch> {
  const { project } = app;
  const { coordinator, signer } = project;
  const { limits } = coordinator.info;
  const uploader = new BlockUploader({
    rest: coordinator.rest,
    signer,
    projectId: project.id,
    signal: options.signal,
  });
  const sources = createSourceReader({ inputMaximumBytes: limits.inputFileMaximumBytes }, { uploader });
  const report = (unitsPrepared: number): void => options.onProgress?.({ unitsPrepared, ...uploader.counts });
  const files = await storeFiles(options.files ?? {}, sources);
  const { pages, unitCount } = await writePages(
    inputs,
    {
      hasCollectedFiles: (options.collect ?? []).length > 0,
      unitsMaximum: limits.unitsPerBatchMaximum,
      signal: options.signal,
    },
    { sources, addBlock: (block) => uploader.add(block), onUnit: report },
  );
  const root = makeRoot({ projectId: project.id, appVersionId: app.id, appName: app.name }, options, {
    pages,
    unitCount,
    files,
  });
  const envelope = sealRoot(root, app);
  await uploader.add({ cid: dagCborCidOf(envelope), bytes: envelope });
  await uploader.finish();
  report(unitCount);
  const status = await post(app, { root, envelope }, options);
  const batch = new Batch(status, { coordinator, signer });
  const asked = { quorum: options.quorum ?? status.quorum, priority: options.priority ?? status.priority };
  const isChanged = asked.quorum !== status.quorum || asked.priority !== status.priority;
  if (isChanged && status.state === 'open') await batch.setPolicy(asked, options.signal);
  return batch;
}

/** The root block is the signed envelope itself. */
function sealRoot(root: ManifestRoot, app: App): Uint8Array {
  const { keyPair, coordinatorId } = app.project.signer;
  const envelope = seal(root, { type: 'manifest', coordinatorId }, keyPair);
  if (envelope.length <= BLOCK_MAXIMUM_BYTES) return envelope;
  throw new ManyhandsError('MH-BAT-005', {
    message: 'The arguments and file names that all units share are larger than 1 MiB. Please pass them in a file.',
    meta: { sizeBytes: envelope.length },
  });
}

async function post(
  app: App,
  { root, envelope }: { root: ManifestRoot; envelope: Uint8Array },
  options: BatchOptions,
): Promise<BatchStatus> {
  const { keyPair, coordinatorId } = app.project.signer;
  const policy = {
    version: 1,
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
    policy: toBase64Url(seal(policy, { type: 'policy', coordinatorId }, keyPair)),
  };
  const path = `/api/v1/projects/${app.project.id}/batches`;
  return app.project.coordinator.rest.json(
    { method: 'POST', path, json, signer: app.project.signer, signal: options.signal, timeoutMs: 120_000 },
    batchSchema,
  );
}

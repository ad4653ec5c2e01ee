// A program becomes an app version: built, uploaded, signed, published, and checked by the coordinator.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AppVersion,
  type AppVersionId,
  type AppVersionStatus,
  appVersionIdOf,
  appVersionSchema,
  appVersionStatusSchema,
  awakeNowMs,
  COST_TABLE,
  encodeDagCbor,
  type FileRef,
  HOST_ABI,
  INSTRUMENTER,
  ManyhandsError,
  type ProjectId,
  seal,
  shapeTrouble,
  splitFile,
  toBase64Url,
} from '@manyhands/contract';
import { buildsOf } from '../build/builds.js';
import { type BuiltProgram, buildProgram, type ProgramSource } from '../build/program.js';
import { buildsDirectory } from '../kept/data-directory.js';
import type { Signer } from '../rest/client.js';
import type { Connected } from '../rest/connected.js';
import type { Batch } from '../results/batch.js';
import { BlockUploader } from '../submit/block-uploader.js';
import type { BatchOptions, Inputs } from '../submit/options.js';
import { submitBatch } from '../submit/submit.js';

const POLL_MS = 200;
/** Above what the coordinator allows itself for one program, with some before it in the queue. */
const CHECK_PATIENCE_MS = 10 * 60_000;

/** The project that a program is published in. */
export type Publisher = {
  readonly id: ProjectId;
  readonly name: string;
  readonly coordinator: Connected;
  /** @internal */ readonly signer: Signer;
};

export type AppOptions = {
  /** Letters, digits, dots, hyphens and underscores. */
  name: string;
  wasm: ProgramSource;
  /** The most memory one unit may have; by default 512 MiB or what the module itself declares, if that is less. */
  memoryMaximumBytes?: number;
  /** Told what goes on, when it takes long: `building` here, then `checking` at the coordinator. */
  onProgress?: (step: 'building' | 'uploading' | 'checking') => void;
  signal?: AbortSignal;
};

/** A published program, ready to run. Get one from `project.app`. */
export class App {
  readonly id: AppVersionId;
  readonly name: string;
  readonly record: AppVersion;
  readonly project: Publisher;
  readonly program: BuiltProgram;

  constructor(record: AppVersion, dependencies: { id: AppVersionId; project: Publisher; program: BuiltProgram }) {
    this.id = dependencies.id;
    this.name = record.name;
    this.record = record;
    this.project = dependencies.project;
    this.program = dependencies.program;
  }

  /** Submits one unit per input. Doing so again with the same inputs goes on with the same batch. */
  async map(inputs: Inputs, options: BatchOptions = {}): Promise<Batch> {
    return submitBatch(this, inputs, options);
  }
}

/** Publishes a program: the module as it is and all its builds. The same program and options make the same app version. */
export async function publishApp(project: Publisher, options: AppOptions): Promise<App> {
  const program = await build(project, options);
  try {
    return await publish(project, options, program);
  } catch (error) {
    // Builds in the cache may be damaged in a way that their digests do not show: make them again before it is called a mismatch.
    if (!program.isCached || !(error instanceof ManyhandsError) || error.code !== 'MH-APP-003') throw error;
    return publish(project, options, await build(project, options, { isFresh: true }));
  }
}

async function build({ coordinator }: Publisher, options: AppOptions, { isFresh = false } = {}): Promise<BuiltProgram> {
  const { moduleMaximumBytes, memoryMaximumBytes } = coordinator.info.limits;
  return buildProgram(options.wasm, {
    memoryMaximumBytes: options.memoryMaximumBytes,
    limits: { moduleMaximumBytes, memoryMaximumBytes },
    cacheDirectory: buildsDirectory(coordinator.dataDirectory),
    isFresh,
    onBuild: () => options.onProgress?.('building'),
    signal: options.signal,
  });
}

async function publish(project: Publisher, options: AppOptions, program: BuiltProgram): Promise<App> {
  const { coordinator, signer } = project;
  options.onProgress?.('uploading');
  const record = describe(project, { name: options.name, program, modules: await upload(project, program, options) });
  const envelope = seal(record, { type: 'app-version', coordinatorId: signer.coordinatorId }, signer.keyPair);
  const json = { record: toBase64Url(envelope) };
  const path = `/api/v1/projects/${project.id}/app-versions`;
  const status = await coordinator.rest.json(
    { method: 'POST', path, json, signer, signal: options.signal },
    appVersionStatusSchema,
  );
  await untilReady(project, status, options);
  return new App(record, { id: appVersionIdOf(encodeDagCbor(record)), project, program });
}

type Modules = Pick<AppVersion, 'original' | 'builds'>;

async function upload(project: Publisher, program: BuiltProgram, { signal }: AppOptions): Promise<Modules> {
  const { coordinator, signer, id } = project;
  const uploader = new BlockUploader({ rest: coordinator.rest, signer, projectId: id, signal });
  const store = async (bytes: Uint8Array): Promise<FileRef> => {
    const { ref, blocks } = splitFile(bytes);
    for (const block of blocks) await uploader.add(block);
    return ref;
  };
  const original = await store(program.original);
  const builds: Partial<Record<string, FileRef>> = {};
  for (const [name, bytes] of buildsOf(program)) builds[name] = await store(bytes);
  await uploader.finish();
  return { original, builds: builds as AppVersion['builds'] };
}

function describe(
  project: Publisher,
  { name, program, modules }: { name: string; program: BuiltProgram; modules: Modules },
): AppVersion {
  const record = appVersionSchema.safeParse({
    version: 1,
    projectId: project.id,
    name,
    ...modules,
    hostAbi: HOST_ABI,
    instrumenter: INSTRUMENTER,
    costTable: COST_TABLE,
    memoryMaximumBytes: program.memoryMaximumBytes,
    sourceCid: null,
    buildRecord: null,
  });
  if (record.success) return record.data;
  throw new ManyhandsError('MH-GEN-009', {
    message: `The app is not usable: ${shapeTrouble(record.error, { name: 'its name' })}.`,
  });
}

/** Waits until the coordinator has checked the program. Throws its refusal, MH-APP-002 when it was stopped, MH-GEN-004. */
async function untilReady(
  project: Publisher,
  first: AppVersionStatus,
  { signal, onProgress }: AppOptions,
): Promise<void> {
  const giveUpAtMs = awakeNowMs() + CHECK_PATIENCE_MS;
  let status = first;
  if (status.state === 'pending') onProgress?.('checking');
  while (status.state === 'pending') {
    if (awakeNowMs() > giveUpAtMs)
      throw new ManyhandsError('MH-GEN-004', {
        message: 'The coordinator did not finish checking the program in time. The same call again continues to wait.',
      });
    await sleep(POLL_MS, undefined, signal && { signal });
    const path = `/api/v1/app-versions/${first.appVersionId}`;
    status = await project.coordinator.rest.json({ method: 'GET', path, signal }, appVersionStatusSchema);
  }
  if (status.state === 'ready') return;
  if (status.refusal) throw ManyhandsError.fromObject(status.refusal);
  throw new ManyhandsError('MH-APP-002', { meta: { appVersionId: status.appVersionId, state: status.state } });
}

// A program becomes an app version: prepared, uploaded, signed, published, and checked by the coordinator.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AppVersion,
  type AppVersionId,
  type AppVersionStatus,
  appVersionIdOf,
  appVersionSchema,
  appVersionStatusSchema,
  encodeDagCbor,
  HOST_ABI,
  ManyhandsError,
  seal,
  splitFile,
  toBase64Url,
} from '@manyhands/contract';
import { type PreparedModule, prepareModule } from '@manyhands/instrument';
import { z } from 'zod';
import type { Project } from '../define/project.js';
import type { Batch } from '../results/batch.js';
import { BlockUploader } from '../submit/block-uploader.js';
import type { BatchOptions, Inputs } from '../submit/options.js';
import { filePathOf } from '../submit/source.js';
import { submitBatch } from '../submit/submit.js';

const DEFAULT_MEMORY_MAXIMUM_BYTES = 512 * 1024 * 1024;
/** One milli-cobblestone is 0.43 s of one GFLOPS: the default is about a minute of one ordinary core. */
export const DEFAULT_CREDIT_PER_REPLICA_MILLI = 140;
const POLL_MS = 200;
const CHECK_PATIENCE_MS = 5 * 60_000;

export type AppOptions = {
  /** Letters, digits, dots, hyphens and underscores. */
  name: string;
  /** A WASI preview 1 command: its bytes, or the file it is in. */
  wasm: Uint8Array | { path: string | URL };
  /** The most memory one unit may have; by default 512 MiB or what the module itself declares, if that is less. */
  memoryMaximumBytes?: number;
  /** Flat credit of one accepted replica in milli-cobblestones (200,000 are one GFLOPS-day); the operator's cap applies. */
  creditPerReplicaMilli?: number;
  signal?: AbortSignal;
};

/** A published program, ready to run. Get one from `project.app`. */
export class App {
  readonly id: AppVersionId;
  readonly name: string;
  readonly record: AppVersion;
  readonly project: Project;
  readonly prepared: PreparedModule;

  constructor(record: AppVersion, dependencies: { id: AppVersionId; project: Project; prepared: PreparedModule }) {
    this.id = dependencies.id;
    this.name = record.name;
    this.record = record;
    this.project = dependencies.project;
    this.prepared = dependencies.prepared;
  }

  /** Submits one unit per input. Doing so again with the same inputs goes on with the same batch. */
  async map(inputs: Inputs, options: BatchOptions = {}): Promise<Batch> {
    return submitBatch(this, inputs, options);
  }
}

/** Reads and prepares a module. Throws MH-MOD-001 to MH-MOD-012 with what is wrong with it, MH-GEN-013 when it can't be read. */
export async function loadModule(
  wasm: Uint8Array | { path: string | URL },
  options: { memoryMaximumBytes?: number | undefined; moduleMaximumBytes: number; memoryLimitBytes?: number },
): Promise<PreparedModule> {
  const bytes = wasm instanceof Uint8Array ? wasm : await readModule(wasm.path);
  const wanted = options.memoryMaximumBytes ?? DEFAULT_MEMORY_MAXIMUM_BYTES;
  const limit = options.memoryLimitBytes ?? wanted;
  if (options.memoryMaximumBytes !== undefined && options.memoryMaximumBytes > limit)
    throw new ManyhandsError('MH-GEN-009', {
      message: `The coordinator allows at most ${limit} bytes of memory, not ${options.memoryMaximumBytes}.`,
      meta: { memoryMaximumBytes: limit },
    });
  return prepareModule(bytes, {
    memoryMaximumBytes: Math.min(wanted, limit),
    moduleMaximumBytes: options.moduleMaximumBytes,
  });
}

async function readModule(source: string | URL): Promise<Uint8Array> {
  const path = filePathOf(source);
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ManyhandsError('MH-GEN-013', { message: `Can't read the program: ${reason}`, meta: { path }, cause });
  }
}

/** Publishes a program. The same program and options make the same app version. */
export async function publishApp(project: Project, options: AppOptions): Promise<App> {
  const { coordinator, signer } = project;
  const { limits } = coordinator.info;
  const prepared = await loadModule(options.wasm, {
    memoryMaximumBytes: options.memoryMaximumBytes,
    moduleMaximumBytes: limits.moduleMaximumBytes,
    memoryLimitBytes: limits.memoryMaximumBytes,
  });
  const { ref, blocks } = splitFile(prepared.wasm);
  const uploader = new BlockUploader({ rest: coordinator.rest, signer, projectId: project.id, signal: options.signal });
  for (const block of blocks) await uploader.add(block);
  await uploader.finish();
  const record = describe(project, options, { module: ref, memoryMaximumBytes: prepared.memoryMaximumBytes });
  const envelope = seal(record, { type: 'app-version', coordinatorId: signer.coordinatorId }, signer.keyPair);
  const json = { record: toBase64Url(envelope) };
  const path = `/api/v1/projects/${project.id}/app-versions`;
  const status = await coordinator.rest.json(
    { method: 'POST', path, json, signer, signal: options.signal },
    appVersionStatusSchema,
  );
  await untilReady(project, status, options.signal);
  return new App(record, { id: appVersionIdOf(encodeDagCbor(record)), project, prepared });
}

function describe(
  project: Project,
  options: AppOptions,
  built: Pick<AppVersion, 'module' | 'memoryMaximumBytes'>,
): AppVersion {
  const { creditPerReplicaMaximumMilli } = project.coordinator.info.limits;
  const record = appVersionSchema.safeParse({
    version: 1,
    projectId: project.id,
    name: options.name,
    ...built,
    hostAbi: HOST_ABI,
    instrumenter: 'cap-v1',
    creditPerReplicaMilli: Math.min(
      options.creditPerReplicaMilli ?? DEFAULT_CREDIT_PER_REPLICA_MILLI,
      creditPerReplicaMaximumMilli,
    ),
    sourceCid: null,
    buildRecord: null,
    costTable: null,
  });
  if (record.success) return record.data;
  throw new ManyhandsError('MH-GEN-009', { message: `The app can't be described: ${z.prettifyError(record.error)}` });
}

/** Waits until the coordinator has checked the module. Throws its refusal, MH-APP-002 when it was stopped, MH-GEN-004. */
async function untilReady(project: Project, first: AppVersionStatus, signal: AbortSignal | undefined): Promise<void> {
  const giveUpAtMs = Date.now() + CHECK_PATIENCE_MS;
  let status = first;
  while (status.state === 'pending') {
    if (Date.now() > giveUpAtMs)
      throw new ManyhandsError('MH-GEN-004', {
        message: 'The coordinator did not finish checking the program in time.',
      });
    await sleep(POLL_MS, undefined, signal && { signal });
    const path = `/api/v1/app-versions/${first.appVersionId}`;
    status = await project.coordinator.rest.json({ method: 'GET', path, signal }, appVersionStatusSchema);
  }
  if (status.state === 'ready') return;
  if (status.refusal) throw ManyhandsError.fromObject(status.refusal);
  throw new ManyhandsError('MH-APP-002', { meta: { appVersionId: status.appVersionId, state: status.state } });
}

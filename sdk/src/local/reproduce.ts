// Computes one unit of a batch again on this computer, from the same blocks, and compares bytes and fuel.
import {
  type AppVersion,
  appVersionIdOf,
  appVersionSchema,
  appVersionStatusSchema,
  type Build,
  decodeManifestPage,
  encodeBundle,
  equalBytes,
  fromBase64Url,
  type ManifestRoot,
  ManyhandsError,
  moduleOf,
  open,
  UNITS_PER_PAGE,
  type Unit,
  type UnitCall,
  type UnitDescriptor,
  type UnitResult,
  unitCallOf,
} from '@manyhands/contract';
import { validatePrepared } from '@manyhands/instrument';
import type { UnitFile, UnitOutcome } from '@manyhands/runtime';
import type { Batch } from '../results/batch.js';
import type { Result } from '../results/result.js';
import { type BlockReader, createBlockReader } from '../verified/blocks.js';
import { readManifest } from '../verified/manifest.js';
import { readOwnerKey } from '../verified/owner.js';
import { type BuildRun, runBuilds } from './run-builds.js';
import { type LoadedCall, unitInputOf } from './unit-input.js';

/**
 * `same`: equal bytes and fuel, or the same failure. `different`: compare `local` with `accepted`. `unsettled`: the batch has no result of
 * the unit yet. `unclear`: this computer could not run the unit, or the unit failed for a reason that is not the program's.
 */
export type Verdict = 'same' | 'different' | 'unsettled' | 'unclear';

export type Reproduction = {
  index: number;
  name: string;
  verdict: Verdict;
  /** What happened here, and with which build. */
  outcome: UnitOutcome;
  build: Build;
  elapsedMs: number;
  /** The result computed here, if there is one, with its digest in hex. */
  local: (UnitResult & { digest: string }) | undefined;
  /** The accepted result, if there is one. */
  accepted: Result | undefined;
  /** State and reasons as the coordinator has them. */
  unit: Unit;
  /** Fuel on which the hosts agreed; null when they did not, or when the unit is not accepted. */
  acceptedFuel: number | null;
  /** Parts that differ: `exitCode`, `stdout`, `file NAME`, `fuel`, or `chain` (of state hashes, of a host that ran the same build). */
  differences: string[];
};

/** Reproduces a unit by its index or name. Fetches manifest, module and inputs from the gateway and verifies all of them. */
export async function reproduceUnit(
  batch: Batch,
  unit: number | string,
  options: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<Reproduction> {
  const { signal } = options;
  const { coordinator } = batch;
  const blocks = createBlockReader({ gatewayUrl: coordinator.info.gatewayUrl, signal });
  const ownerKey = await readOwnerKey(batch, signal);
  const root = await readManifest(batch, { blocks, ownerKey });
  const { index, descriptor } = await findUnit(root, unit, blocks);
  const record = await readAppVersion(batch, { root, ownerKey, signal });
  const call = await loadCall(unitCallOf(root, descriptor), blocks);
  const input = unitInputOf({ name: descriptor.name, call }, record, root.limits);
  const timeoutMs = options.timeoutMs ?? root.limits.timeoutMs;
  const run = await runBuilds({ record, input }, { timeoutMs, signal }, (build) => readBuild(record, build, blocks));
  const settled = await settledUnit(batch, index, signal);
  return { index, name: descriptor.name, ...run, ...compare(run, settled), ...settled };
}

/** The unit at an index, or the one of a name. Throws MH-GEN-003. */
async function findUnit(
  root: ManifestRoot,
  unit: number | string,
  blocks: BlockReader,
): Promise<{ index: number; descriptor: UnitDescriptor }> {
  const [first, last] =
    typeof unit === 'number'
      ? [Math.floor(unit / UNITS_PER_PAGE), Math.floor(unit / UNITS_PER_PAGE)]
      : [0, root.pages.length - 1];
  for (let pageIndex = first; pageIndex <= last; pageIndex += 1) {
    const cid = root.pages[pageIndex];
    if (!cid) break;
    const page = decodeManifestPage(root, pageIndex, await blocks.block(cid));
    const position =
      typeof unit === 'number' ? unit - page.firstIndex : page.units.findIndex(({ name }) => name === unit);
    const descriptor = page.units[position];
    if (descriptor) return { index: page.firstIndex + position, descriptor };
  }
  throw new ManyhandsError('MH-GEN-003', { message: `The batch has no unit ${unit}.`, meta: { unit } });
}

/** The record of the app version that the signed root names, checked as a worker checks it. */
async function readAppVersion(
  batch: Batch,
  { root, ownerKey, signal }: { root: ManifestRoot; ownerKey: Uint8Array; signal: AbortSignal | undefined },
): Promise<AppVersion> {
  const { rest, info } = batch.coordinator;
  const { appVersionId } = root;
  if (batch.initialStatus.appVersionId !== appVersionId)
    throw new ManyhandsError('MH-BAT-003', {
      message: 'The coordinator names another program for the batch than its owner has signed.',
      meta: { signed: appVersionId, named: batch.initialStatus.appVersionId },
    });
  const status = await rest.json(
    { method: 'GET', path: `/api/v1/app-versions/${appVersionId}`, signal },
    appVersionStatusSchema,
  );
  const context = { type: 'app-version', coordinatorId: info.coordinatorId } as const;
  const opened = open(fromBase64Url(status.record), context, {
    schema: appVersionSchema,
    publicKey: ownerKey,
  });
  if (!opened.ok)
    throw new ManyhandsError(opened.code, { message: `The record of the program is not valid: ${opened.reason}` });
  if (appVersionIdOf(opened.payload) !== appVersionId)
    throw new ManyhandsError('MH-SIG-002', { message: 'The coordinator gave the record of another program.' });
  return opened.value;
}

/** The module of one build, checked as a worker checks it. */
async function readBuild(record: AppVersion, build: Build, blocks: BlockReader): Promise<Uint8Array> {
  const ref = moduleOf(record, build);
  if (!ref) throw new ManyhandsError('MH-GEN-001', { message: `The program has no build ${build}.` });
  const wasm = await blocks.file(ref);
  validatePrepared(wasm, { memoryMaximumBytes: record.memoryMaximumBytes, build });
  return wasm;
}

async function loadCall({ stdin, files, ...call }: UnitCall, blocks: BlockReader): Promise<LoadedCall> {
  const loaded: UnitFile[] = [];
  for (const { name, cid, sizeBytes } of files) loaded.push({ name, bytes: await blocks.file({ cid, sizeBytes }) });
  return { ...call, stdin: stdin ? await blocks.file(stdin) : new Uint8Array(), files: loaded };
}

async function settledUnit(
  batch: Batch,
  index: number,
  signal: AbortSignal | undefined,
): Promise<{ unit: Unit; accepted: Result | undefined }> {
  const unit = await batch.unit(index, signal);
  if (unit.state !== 'accepted' || unit.digest === null) return { unit, accepted: undefined };
  return { unit, accepted: await batch.download({ index, name: unit.name, digest: unit.digest }, signal) };
}

function compare(
  { outcome, build }: BuildRun,
  { unit, accepted }: { unit: Unit; accepted: Result | undefined },
): Pick<Reproduction, 'verdict' | 'local' | 'differences' | 'acceptedFuel'> {
  const local = outcome.kind === 'success' ? withDigest(outcome) : undefined;
  const acceptedFuel = unit.replicas.find(({ state }) => state === 'agreed')?.fuel ?? null;
  if (accepted && local && outcome.kind === 'success') {
    const differences = differencesOf(local, accepted);
    const isSameFuel = acceptedFuel === null || acceptedFuel === outcome.fuel;
    const chain =
      unit.replicas.find((replica) => replica.state === 'agreed' && replica.build === build)?.chainRoot ?? null;
    const isSameChain = chain === null || chain === Buffer.from(outcome.chainRoot).toString('hex');
    if (!isSameFuel) differences.push('fuel');
    if (!isSameChain) differences.push('chain');
    return {
      verdict: local.digest === accepted.digest && isSameFuel && isSameChain ? 'same' : 'different',
      local,
      differences,
      acceptedFuel,
    };
  }
  return { verdict: verdictOf(outcome, unit), local, differences: [], acceptedFuel };
}

/** The verdict where at least one side has no result. */
function verdictOf(outcome: UnitOutcome, unit: Unit): Verdict {
  if (outcome.kind === 'host-failure' || outcome.kind === 'needs-all') return 'unclear';
  if (unit.state === 'accepted') return 'different';
  if (unit.state !== 'failed') return 'unsettled';
  if (unit.code !== 'MH-VAL-001') return 'unclear';
  const isSame = (replica: Unit['replicas'][number]): boolean =>
    outcome.kind === 'unit-failure' &&
    replica.code === outcome.code &&
    replica.exitCode === outcome.exitCode &&
    (replica.fuel === null || replica.fuel === outcome.fuel);
  return unit.replicas.some(isSame) ? 'same' : 'different';
}

function withDigest(result: UnitResult): UnitResult & { digest: string } {
  const { exitCode, stdout, files } = result;
  return { exitCode, stdout, files, digest: Buffer.from(encodeBundle(result).digest).toString('hex') };
}

function differencesOf(local: UnitResult, accepted: Result): string[] {
  const differences: string[] = [];
  if (local.exitCode !== accepted.exitCode) differences.push('exitCode');
  if (!equalBytes(local.stdout, accepted.stdout)) differences.push('stdout');
  for (const { name, bytes } of accepted.files) {
    const other = local.files.find((file) => file.name === name)?.bytes ?? null;
    const isEqual = bytes === null || other === null ? bytes === other : equalBytes(bytes, other);
    if (!isEqual) differences.push(`file ${name}`);
  }
  return differences;
}

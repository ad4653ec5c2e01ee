// From a leased unit to something that can be run: fetches and verifies manifest, page, module and inputs.
import {
  type AppVersionId,
  awakeTimeout,
  type Build,
  type Cid,
  type CoordinatorId,
  decodeFileList,
  decodeManifestPage,
  type FileRef,
  hasFileList,
  type Lease,
  type ManifestPage,
  ManyhandsError,
  markSpacingOf,
  moduleOf,
  type ProjectId,
  STDERR_TAIL_BYTES,
  UNITS_PER_PAGE,
  type UnitDescriptor,
  unitCallOf,
  unitSeedOf,
} from '@manyhands/contract';
import { validatePrepared } from '@manyhands/instrument';
import type { BlockFetcher, BlockStore } from '@manyhands/overlay-node';
import { DEFAULT_UNIT_LIMITS, type UnitFailure, type UnitLimits } from '@manyhands/runtime';
import type { UnitNeeds } from '@manyhands/worker-core';
import { refuseInputs } from './refused-inputs.js';
import { type VerifiedManifest, verifyManifest } from './verified-manifest.js';

/** Content that is in the store, read when it is needed. */
export type StoredContent = { name: Cid; sizeBytes: number; read(): Promise<Uint8Array> };

export type PreparedUnit = {
  needs: UnitNeeds;
  module: StoredContent;
  build: Build;
  markSpacing: number;
  args: string[];
  env: Record<string, string>;
  stdin: StoredContent | null;
  files: { name: string; blob: StoredContent }[];
  collect: string[];
  okExitCodes: number[];
  seed: Uint8Array;
  clockMs: number | null;
  fuelMaximum: number;
  limits: UnitLimits;
  timeoutMs: number;
  /** Set when the unit is judged without its inputs, as every host judges it. */
  failure: UnitFailure | null;
  /** Lets the blocks go. */
  release(): void;
};

/** Where signed records come from; they are believed for their signatures only. */
type RecordSource = {
  projectGenesis(projectId: ProjectId, signal: AbortSignal): Promise<Uint8Array>;
  appVersionRecord(appVersionId: AppVersionId, signal: AbortSignal): Promise<Uint8Array>;
};

export type UnitSourceDependencies = {
  records: RecordSource;
  store: BlockStore;
  fetcher(): BlockFetcher;
};

type OpenManifest = VerifiedManifest & { pages: Map<number, Promise<ManifestPage>> };

/** Manifests held open; the one used longest ago leaves with its swarm. */
const MANIFESTS_MAXIMUM = 16;
/** What units share is fetched for all of them, and so not given up when one of them is. */
const SHARED_FETCH_TIMEOUT_MS = 10 * 60_000;

export class UnitSource {
  readonly #coordinatorId: CoordinatorId;
  readonly #dependencies: UnitSourceDependencies;
  readonly #manifests = new Map<Cid, Promise<OpenManifest>>();
  readonly #validated = new Map<string, Promise<void>>();

  constructor(options: { coordinatorId: CoordinatorId }, dependencies: UnitSourceDependencies) {
    this.#coordinatorId = options.coordinatorId;
    this.#dependencies = dependencies;
  }

  /**
   * Fetches all that a unit needs into the store and keeps it there until `release`. Throws MH-SIG-…, MH-BAT-003, MH-MOD-… for what
   * is not as it must be, MH-BLK-… and MH-GEN-… for what cannot be had now.
   */
  async prepare(lease: Lease, index: number, signal: AbortSignal): Promise<PreparedUnit> {
    const manifest = await this.#manifest(lease);
    const unit = await this.#unit(manifest, lease.manifestCid, index);
    signal.throwIfAborted();
    const releases: (() => void)[] = [];
    const release = (): void => {
      for (const letGo of releases.splice(0)) letGo();
    };
    try {
      const need = async (ref: FileRef): Promise<StoredContent> => {
        releases.push(await this.#fetchFile(ref, { swarm: lease.manifestCid, signal }));
        return { name: ref.cid, sizeBytes: ref.sizeBytes, read: () => this.#read(ref) };
      };
      return await this.#assemble(manifest, { unit, build: lease.build }, { need, release });
    } catch (error) {
      release();
      throw error;
    }
  }

  async #assemble(
    { root, appVersion }: OpenManifest,
    { unit, build }: { unit: UnitDescriptor; build: Build },
    { need, release }: { need(ref: FileRef): Promise<StoredContent>; release(): void },
  ): Promise<PreparedUnit> {
    const call = unitCallOf(root, unit);
    const limits: UnitLimits = {
      ...DEFAULT_UNIT_LIMITS,
      memoryMaximumBytes: appVersion.memoryMaximumBytes,
      outputMaximumBytes: root.limits.outputMaximumBytes,
      stderrTailBytes: STDERR_TAIL_BYTES,
    };
    const inputBytes = [...call.files, ...(call.stdin ? [call.stdin] : [])].reduce(
      (sum, ref) => sum + ref.sizeBytes,
      0,
    );
    const ref = moduleOf(appVersion, build);
    if (!ref) throw new ManyhandsError('MH-BAT-003', { message: `The app version has no build ${build}.` });
    const module = await need(ref);
    await this.#validate(module, { memoryMaximumBytes: appVersion.memoryMaximumBytes, build });
    const { timeoutMs, fuelMaximum } = root.limits;
    const chain = { build, moduleCid: module.name, markSpacing: markSpacingOf(appVersion.memoryMaximumBytes) };
    const { args, env, collect, okExitCodes, clockMs } = call;
    const seed = unitSeedOf(appVersion.original.cid, unit.name);
    const facts = { args, env, collect, okExitCodes, clockMs, seed, fuelMaximum, limits };
    const failure = refuseInputs({ ...facts, stdin: call.stdin, files: call.files }, chain);
    const stdin = call.stdin && !failure ? await need(call.stdin) : null;
    const files: PreparedUnit['files'] = [];
    for (const { name, cid, sizeBytes } of failure ? [] : call.files)
      files.push({ name, blob: await need({ cid, sizeBytes }) });
    const memoryBytes = appVersion.memoryMaximumBytes + inputBytes;
    return {
      failure,
      needs: { memoryBytes, inputBytes: inputBytes + module.sizeBytes, timeoutMs },
      ...{ module, build, markSpacing: chain.markSpacing, stdin, files, timeoutMs, release },
      ...facts,
    };
  }

  /** The manifest of a lease, verified once. */
  #manifest(lease: Lease): Promise<OpenManifest> {
    const { manifestCid } = lease;
    const known = this.#manifests.get(manifestCid);
    // Leases of one manifest may name other projects if the coordinator lies; what was verified is checked by its own names.
    if (known) {
      this.#manifests.delete(manifestCid);
      this.#manifests.set(manifestCid, known); // to the young end
      return known.then((manifest) => assertSame(manifest, lease));
    }
    const opened = this.#openManifest(lease);
    this.#manifests.set(manifestCid, opened);
    opened.catch(() => this.#manifests.delete(manifestCid));
    this.#closeOldest();
    return opened;
  }

  async #openManifest(lease: Lease): Promise<OpenManifest> {
    const { records } = this.#dependencies;
    const signal = awakeTimeout(SHARED_FETCH_TIMEOUT_MS);
    const [manifest, genesis, appVersion] = await Promise.all([
      this.#dependencies.fetcher().fetchBlock(lease.manifestCid, { swarm: lease.manifestCid, signal }),
      records.projectGenesis(lease.projectId, signal),
      records.appVersionRecord(lease.appVersionId, signal),
    ]);
    return { ...verifyManifest(lease, { manifest, genesis, appVersion }, this.#coordinatorId), pages: new Map() };
  }

  #closeOldest(): void {
    const [oldest] = this.#manifests.keys();
    if (this.#manifests.size <= MANIFESTS_MAXIMUM || oldest === undefined) return;
    this.#manifests.delete(oldest);
    this.#dependencies.fetcher().leaveSwarm(oldest);
  }

  async #unit({ root, pages }: OpenManifest, swarm: Cid, index: number): Promise<UnitDescriptor> {
    const pageIndex = Math.floor(index / UNITS_PER_PAGE);
    const cid = root.pages[pageIndex];
    if (index >= root.unitCount || cid === undefined)
      throw new ManyhandsError('MH-BAT-003', { message: `The batch has no unit ${index}.` });
    let page = pages.get(pageIndex);
    if (!page) {
      const signal = awakeTimeout(SHARED_FETCH_TIMEOUT_MS);
      const fetched = this.#dependencies.fetcher().fetchBlock(cid, { swarm, signal });
      page = fetched.then((bytes) => decodeManifestPage(root, pageIndex, bytes));
      pages.set(pageIndex, page);
      page.catch(() => pages.delete(pageIndex));
    }
    const unit = (await page).units[index % UNITS_PER_PAGE];
    if (!unit) throw new ManyhandsError('MH-BAT-003', { message: `The page has no unit ${index}.` });
    return unit;
  }

  /** Fetches a file and keeps its blocks; returns the way to let them go. */
  async #fetchFile(ref: FileRef, options: { swarm: Cid; signal: AbortSignal }): Promise<() => void> {
    const { store } = this.#dependencies;
    const fetcher = this.#dependencies.fetcher();
    const releaseHead = store.hold([ref.cid]);
    try {
      await fetcher.fetchFile(ref, options);
      if (!hasFileList(ref)) return releaseHead;
      const list = await store.get(ref.cid);
      const releaseBlocks = store.hold(list ? decodeFileList(ref, list).blocks : []);
      return () => {
        releaseHead();
        releaseBlocks();
      };
    } catch (error) {
      releaseHead();
      throw error;
    }
  }

  /** Reads a file from the store. Throws MH-BAT-003 when it has another size than was signed. */
  async #read(ref: FileRef): Promise<Uint8Array> {
    const bytes = await this.#dependencies.fetcher().readFile(ref);
    if (bytes.length === ref.sizeBytes) return bytes;
    throw new ManyhandsError('MH-BAT-003', { message: 'A file of the batch has another size than its manifest says.' });
  }

  /** Validates a module once for each memory maximum and build. */
  #validate(module: StoredContent, expected: { memoryMaximumBytes: number; build: Build }): Promise<void> {
    const name = `${module.name} ${expected.memoryMaximumBytes} ${expected.build}`;
    const known = this.#validated.get(name);
    if (known) return known;
    const validated = module.read().then((bytes) => validatePrepared(bytes, expected));
    this.#validated.set(name, validated);
    validated.catch(() => this.#validated.delete(name));
    return validated;
  }
}

function assertSame(manifest: OpenManifest, lease: Lease): OpenManifest {
  if (manifest.root.projectId !== lease.projectId || manifest.root.appVersionId !== lease.appVersionId)
    throw new ManyhandsError('MH-BAT-003', { message: 'The lease names another project than its manifest.' });
  return manifest;
}

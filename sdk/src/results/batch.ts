// A submitted batch: its results as they come, its state, and what its owner can do with it.
import {
  type BatchId,
  type Batch as BatchStatus,
  batchSchema,
  isManyhandsError,
  type ManifestRoot,
  ManyhandsError,
  OUTPUT_MAXIMUM_BYTES,
  type Outcome,
  openBundle,
  retriedUnitsSchema,
  type Unit,
  unitSchema,
  unitsSchema,
} from '@manyhands/contract';
import { isOnlyHeld } from '@manyhands/contract/words';
import { expiryOf, sealPolicy } from '../policy/sealed-policy.js';
import type { Call, RestClient, Signer } from '../rest/client.js';
import type { Connected } from '../rest/connected.js';
import { createBlockReader } from '../verified/blocks.js';
import { readManifest, readUnitNames } from '../verified/manifest.js';
import { readOwnerKey } from '../verified/owner.js';
import { followOutcomes, type OutcomeOptions } from './outcomes.js';
import { mapAhead } from './prefetch.js';
import { type AcceptedUnit, batchFailed, type Failure, failureOf, Result, unitsHeld } from './result.js';

/** How many results are fetched ahead of the consumer unless told otherwise. */
const DEFAULT_AHEAD = 8;
const AHEAD_MAXIMUM_BYTES = 64 * 1024 * 1024;
/** A bundle is the output and its record. */
const BUNDLE_MAXIMUM_BYTES = OUTPUT_MAXIMUM_BYTES + 1024 * 1024;
const BUNDLE_TIMEOUT_MS = 300_000;

type Units = ReturnType<typeof unitsSchema.parse>;

export type ResultOptions = OutcomeOptions & {
  /**
   * What happens to units without a result: `throw` (the default) yields the accepted ones and throws at the end, MH-BAT-008 when units failed,
   * MH-BAT-004 when they were only ended with the batch (cancelled, expired, stopped), MH-VAL-008 when units are held; `yield` yields them among the results, with their `ending`;
   * `skip` leaves them out.
   */
  failures?: 'throw' | 'yield' | 'skip';
  /** Accepted units for which this gives true are neither fetched nor yielded; for those who have them already. */
  skip?: ((unit: AcceptedUnit) => boolean | Promise<boolean>) | undefined;
  /**
   * Told of an accepted unit whose bytes are not to be had (MH-RCP-003 damaged, MH-BAT-009 gone); the stream goes on without it. Without this
   * the stream throws.
   */
  onLost?: ((unit: AcceptedUnit, error: ManyhandsError) => void) | undefined;
  /** How many results are fetched ahead of the consumer; by default 8. */
  ahead?: number;
};

/** Of one unit alone; with any other trouble the rest would not come either. */
const LOST_CODES: readonly string[] = ['MH-RCP-003', 'MH-BAT-009'];

type BatchDependencies = {
  coordinator: Connected;
  signer: Signer | undefined;
  /** Where it is known already, because the batch was submitted here. */
  root?: ManifestRoot;
  unusedOptions?: readonly string[];
};

export class Batch {
  readonly id: BatchId;
  readonly name: string;
  /** The state when this handle was made; `status()` asks again. */
  readonly initialStatus: BatchStatus;
  readonly coordinator: Connected;
  /** Of quorum, priority and expiry, those that were asked for and had no use, because the batch has ended. */
  readonly unusedOptions: readonly string[];
  readonly #dependencies: BatchDependencies;

  constructor(status: BatchStatus, dependencies: BatchDependencies) {
    this.id = status.batchId;
    this.name = status.name;
    this.initialStatus = status;
    this.coordinator = dependencies.coordinator;
    this.unusedOptions = dependencies.unusedOptions ?? [];
    this.#dependencies = dependencies;
  }

  /** @internal The same batch in another state. */
  with(status: BatchStatus, unusedOptions: readonly string[] = []): Batch {
    return new Batch(status, { ...this.#dependencies, unusedOptions });
  }

  /** The state now. */
  async status(signal?: AbortSignal): Promise<BatchStatus> {
    return this.coordinator.rest.json({ method: 'GET', path: this.#path(), signal }, batchSchema);
  }

  /** The accepted results in the order in which they are accepted, each verified, until the batch is complete. */
  results(options: ResultOptions & { failures: 'yield' }): AsyncGenerator<Result | Failure, void, undefined>;
  results(options?: ResultOptions): AsyncGenerator<Result, void, undefined>;
  async *results(options: ResultOptions = {}): AsyncGenerator<Result | Failure, void, undefined> {
    const stop = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
    const failures = new Map<number, Failure>();
    let heldCount = 0;
    const onStatus = (status: BatchStatus): void => {
      heldCount = isOnlyHeld(status.counts) ? status.counts.held : 0;
      options.onStatus?.(status);
    };
    const outcomes = followOutcomes(this.id, { ...options, signal, onStatus }, this.#reader());
    const settled = mapAhead(
      outcomes,
      {
        ahead: options.ahead ?? DEFAULT_AHEAD,
        weigh: ({ bundleSizeBytes }) => bundleSizeBytes ?? 0,
        weightMaximum: AHEAD_MAXIMUM_BYTES,
        stop: () => stop.abort(),
      },
      (outcome) => this.#settle(outcome, { ...options, signal }),
    );
    for await (const unit of settled) {
      if (unit.state === 'failed') failures.set(unit.index, unit);
      else failures.delete(unit.index);
      if (unit.state === 'accepted' || (unit.state === 'failed' && options.failures === 'yield')) yield unit;
    }
    if ((options.failures ?? 'throw') !== 'throw') return;
    if (failures.size > 0) throw batchFailed(this.name, [...failures.values()]);
    if (heldCount > 0 && options.follow !== false) throw unitsHeld(this.name, heldCount);
  }

  /** The settled units without their bytes; for those who decide themselves what to fetch. */
  outcomes(options: OutcomeOptions = {}): AsyncGenerator<Outcome, void, undefined> {
    return followOutcomes(this.id, options, this.#reader());
  }

  /** Waits until every unit is accepted or failed, only units that are held are left, or the batch has ended otherwise. */
  async wait(options: Pick<OutcomeOptions, 'onStatus' | 'signal' | 'waitMs'> = {}): Promise<BatchStatus> {
    let last = this.initialStatus;
    const onStatus = (status: BatchStatus): void => {
      last = status;
      options.onStatus?.(status);
    };
    for await (const _ of this.outcomes({ ...options, onStatus }));
    return last;
  }

  /** The units that failed so far and were not retried with success. Those that were cancelled, expired or stopped with the batch did not fail. */
  async failed(signal?: AbortSignal): Promise<Failure[]> {
    const failures = new Map<number, Failure>();
    for await (const outcome of this.outcomes({ follow: false, signal }))
      if (outcome.state === 'failed') failures.set(outcome.index, failureOf(outcome));
      else failures.delete(outcome.index);
    return [...failures.values()].filter(({ ending }) => ending === 'failed');
  }

  /** Fetches and verifies the bytes of an accepted unit. Throws MH-BAT-009, MH-RCP-003. */
  async download(unit: AcceptedUnit, signal?: AbortSignal): Promise<Result> {
    const bundle = await this.coordinator.rest.bytes(
      { ...this.#readCall(`/api/v1/results/${unit.digest}`, signal), timeoutMs: BUNDLE_TIMEOUT_MS },
      BUNDLE_MAXIMUM_BYTES,
    );
    const opened = openBundle(bundle, Buffer.from(unit.digest, 'hex'));
    if (opened) return new Result(unit, opened.result);
    throw new ManyhandsError('MH-RCP-003', {
      message: `The result of ${unit.name} does not match its digest; it was damaged on the way or at the coordinator.`,
      meta: { index: unit.index, digest: unit.digest },
    });
  }

  /** What all units share and where the pages of units are; verified. */
  async manifest(signal?: AbortSignal): Promise<ManifestRoot> {
    if (this.#dependencies.root) return this.#dependencies.root;
    const blocks = createBlockReader({ gatewayUrl: this.coordinator.info.gatewayUrl, signal });
    return readManifest(this, { blocks, ownerKey: await readOwnerKey(this, signal) });
  }

  /** The names of all units, by index; from the manifest, verified. */
  async unitNames(signal?: AbortSignal): Promise<string[]> {
    const blocks = createBlockReader({ gatewayUrl: this.coordinator.info.gatewayUrl, signal });
    return readUnitNames(await this.manifest(signal), blocks);
  }

  /** One unit with its replicas. Throws MH-GEN-003. */
  async unit(index: number, signal?: AbortSignal): Promise<Unit> {
    return this.coordinator.rest.json({ method: 'GET', path: `${this.#path()}/units/${index}`, signal }, unitSchema);
  }

  /** The units that are held: they only ever ran out, and nobody gets them until `retry`. */
  async held(signal?: AbortSignal): Promise<Unit[]> {
    const held: Unit[] = [];
    if ((await this.status(signal)).counts.held === 0) return held; // an older coordinator does not know the question
    for (let after: number | null = -1; after !== null; ) {
      const path: string = `${this.#path()}/units?state=held&after=${after}`;
      const page: Units = await this.coordinator.rest.json(this.#readCall(path, signal), unitsSchema);
      held.push(...page.units);
      after = page.next;
    }
    return held;
  }

  /** Opens units again that failed or are held: the given ones, or all. Returns how many. Throws MH-BAT-004 for a batch that was cancelled, has expired or was stopped. */
  async retry(indexes: readonly number[] | null = null, signal?: AbortSignal): Promise<number> {
    const call = this.#signed({ method: 'POST', path: `${this.#path()}/retry`, json: { indexes }, signal });
    return (await this.coordinator.rest.json(call, retriedUnitsSchema)).retried;
  }

  /** Ends all open units. Accepted results stay. */
  async cancel(signal?: AbortSignal): Promise<BatchStatus> {
    return this.coordinator.rest.json(
      this.#signed({ method: 'POST', path: `${this.#path()}/cancel`, signal }),
      batchSchema,
    );
  }

  /**
   * Changes quorum, priority or expiry of the open units; what is not given stays. (A coordinator of an older version does not tell the expiry,
   * and one that is not given again is lifted there.)
   */
  async setPolicy(
    change: { quorum?: number; priority?: number; expiresAfterMs?: number | null },
    signal?: AbortSignal,
  ): Promise<BatchStatus> {
    const signer = this.#owner();
    const status = await this.status(signal);
    const policy = {
      batchId: this.id,
      sequence: status.policySequence + 1,
      quorum: change.quorum ?? status.quorum,
      priority: change.priority ?? status.priority,
      expiresAfterMs: (change.expiresAfterMs === undefined ? expiryOf(status) : change.expiresAfterMs) ?? null,
    };
    const json = { policy: sealPolicy(policy, signer) };
    return this.coordinator.rest.json(
      this.#signed({ method: 'PUT', path: `${this.#path()}/policy`, json, signal }),
      batchSchema,
    );
  }

  async #settle(
    outcome: Outcome,
    { signal, skip, onLost }: Pick<ResultOptions, 'skip' | 'onLost'> & { signal: AbortSignal },
  ): Promise<Result | Failure | { state: 'skipped'; index: number }> {
    const { digest } = outcome;
    if (outcome.state === 'failed' || digest === null) return failureOf(outcome);
    const unit = { ...outcome, digest };
    const skipped = { state: 'skipped', index: unit.index } as const;
    if (await skip?.(unit)) return skipped;
    try {
      return await this.download(unit, signal);
    } catch (error) {
      if (!onLost || !isManyhandsError(error) || !LOST_CODES.includes(error.code)) throw error;
      onLost(unit, error);
      return skipped;
    }
  }

  #path(): string {
    return `/api/v1/batches/${this.id}`;
  }

  /** Signed where it can be: what the project reads counts for itself. */
  #readCall(path: string, signal: AbortSignal | undefined): Call {
    return { method: 'GET', path, signer: this.#dependencies.signer, signal };
  }

  #reader(): { rest: RestClient; signer: Signer | undefined } {
    return { rest: this.coordinator.rest, signer: this.#dependencies.signer };
  }

  #signed(call: Call): Call {
    return { ...call, signer: this.#owner() };
  }

  #owner(): Signer {
    const { signer } = this.#dependencies;
    if (signer) return signer;
    throw new ManyhandsError('MH-SIG-008', {
      message: `Only the owner of its project can do this with ${this.name}; open the batch through your project.`,
    });
  }
}

// Results of a batch into a folder as they come, and the report on units without one.
import { type Batch as BatchStatus, ManyhandsError } from '@manyhands/contract';
import { openCounts } from '@manyhands/contract/words';
import type { AcceptedUnit, Batch, Failure } from '@manyhands/sdk';
import { EXIT, type Output } from '../output.js';
import { exitCodeOf, reportEnd } from './collected-words.js';
import { createProgress } from './progress.js';
import { formatCount } from './quantities.js';
import { type Accepted, programKey, type ResultFolder } from './result-folder.js';
import { summaryFileOf, type UnitSummary, writeSummary } from './result-summary.js';

/** How often the state is asked for while there is nothing new. */
const REFRESH_MS = 1_000;

export type CollectOptions = {
  directory: string;
  follow: boolean;
  signal: AbortSignal;
  /** The rest of a command about this batch: ` --coordinator … --project …`. */
  at: string;
  /** Of all units, by index, where they are known already. */
  names?: readonly string[];
};

type Dependencies = { out: Output; folder: ResultFolder };

/** The digests of what is accepted by now; asked for once. */
export function acceptedOf(batch: Batch | null, signal: AbortSignal): () => Promise<Accepted> {
  let asked: Promise<Accepted> | undefined;
  const ask = async (): Promise<Accepted> => {
    const digests = new Map<string, string>();
    if (batch)
      for await (const { name, digest } of batch.outcomes({ follow: false, signal }))
        if (digest !== null) digests.set(name, digest);
    return digests;
  };
  return () => {
    asked ??= ask();
    return asked;
  };
}

/**
 * Writes every accepted result that is not there yet, and reports. Returns the exit code: 1 when units failed, 4 when they were only ended with
 * the batch or are held. Throws what kept a result from being written, after all others were.
 */
export async function collectResults(
  batch: Batch,
  options: CollectOptions,
  { out, folder }: Dependencies,
): Promise<number> {
  const { signal, directory } = options;
  const names = options.names ?? (await batch.unitNames(signal));
  const program = programKey(await batch.manifest(signal));
  await folder.begin({ id: batch.id, name: batch.name, program }, names, acceptedOf(batch, signal));
  const collection = new Collection(batch, { out, folder });
  const summary = summaryFileOf(directory, batch.name);
  let isWhole = false;
  try {
    await collection.run(options);
    isWhole = true;
  } finally {
    folder.end();
    collection.keep(() => writeSummary(summary, { names, units: collection.units }), { isThrown: isWhole });
  }
  return collection.report(options, summary);
}

/** One run of collecting: what came, what failed, and what could not be written. */
class Collection {
  /** For the summary, by index. */
  readonly units = new Map<number, UnitSummary>();
  readonly #batch: Batch;
  readonly #out: Output;
  readonly #folder: ResultFolder;
  readonly #failures = new Map<number, Failure>();
  readonly #troubles: ManyhandsError[] = [];
  #status: BatchStatus;
  #writtenCount = 0;
  #presentCount = 0;

  constructor(batch: Batch, { out, folder }: Dependencies) {
    this.#batch = batch;
    this.#out = out;
    this.#folder = folder;
    this.#status = batch.initialStatus;
  }

  async run({ follow, signal }: CollectOptions): Promise<void> {
    const progress = createProgress(this.#out);
    const stream = this.#batch.results({
      failures: 'yield',
      ...{ follow, waitMs: REFRESH_MS, signal },
      onStatus: (next) => {
        this.#status = next;
        progress.show(next);
      },
      skip: (unit) => this.#isThere(unit),
      onLost: (unit, error) => this.#fail(unit, error),
    });
    try {
      for await (const settled of stream)
        if (settled.state === 'failed') await this.#takeFailure(settled);
        else await this.#write(settled);
    } finally {
      progress.end();
    }
    if (openCounts(this.#status.counts).held === 0) return;
    for (const { index, code } of await this.#batch.held(signal))
      this.units.set(index, { state: 'held', digest: null, exitCode: null, file: null, code });
  }

  /** Does what may fail on a full disk; unless something else has gone wrong, that is said at the end. */
  keep(work: () => void, { isThrown }: { isThrown: boolean }): void {
    try {
      work();
    } catch (error) {
      if (isThrown) this.#troubles.push(ManyhandsError.from(error));
    }
  }

  async #isThere(unit: AcceptedUnit): Promise<boolean> {
    try {
      const exitCode = await this.#folder.find(unit);
      if (exitCode === undefined) return false;
      this.#presentCount += 1;
      this.#accept(unit, { exitCode, file: unit.name });
      const { index, name, digest, fuel = null } = unit;
      const file = this.#folder.files.fileOf(name);
      this.#out.json({ version: 1, event: 'result', index, name, digest, fuel, exitCode, file, isNew: false });
    } catch (error) {
      this.#fail(unit, error);
    }
    return true;
  }

  async #write(result: Parameters<ResultFolder['write']>[0] & AcceptedUnit & { exitCode: number }): Promise<void> {
    const { index, name, digest, fuel = null, exitCode } = result;
    try {
      const written = await this.#folder.write(result);
      this.#writtenCount += 1;
      this.#accept(result, { exitCode, file: name });
      this.#out.json({ version: 1, event: 'result', index, name, digest, fuel, exitCode, ...written, isNew: true });
    } catch (error) {
      this.#fail(result, error);
    }
  }

  #accept({ index, digest }: AcceptedUnit, { exitCode, file }: Pick<UnitSummary, 'exitCode' | 'file'>): void {
    this.units.set(index, { state: 'accepted', digest, exitCode, file, code: null });
  }

  /** One result that cannot be written keeps no other from being. */
  #fail(unit: AcceptedUnit, cause: unknown): void {
    const error = ManyhandsError.from(cause);
    if (error.code === 'MH-GEN-001') throw cause;
    const { index, name, digest } = unit;
    this.#troubles.push(error);
    this.units.set(index, { state: 'accepted', digest, exitCode: null, file: null, code: error.code });
    this.#out.json({ version: 1, event: 'unwritten', index, name, digest, error: error.toObject() });
  }

  async #takeFailure(failure: Failure): Promise<void> {
    const { index, name, ending, exitCode, code } = failure;
    // Looked for ahead of its turn: a unit that was tried again and accepted has not failed.
    if (this.units.get(index)?.state === 'accepted') return;
    this.#failures.set(index, failure);
    this.units.set(index, { state: ending, digest: null, exitCode, file: null, code });
    try {
      await this.#folder.withdraw(name);
    } catch (error) {
      this.#troubles.push(ManyhandsError.from(error));
    }
  }

  report(options: CollectOptions, summary: string): number {
    const out = this.#out;
    const without = [...this.#failures.values()]
      .filter(({ index }) => this.units.get(index)?.state !== 'accepted')
      .sort((left, right) => left.index - right.index);
    const failed = without.filter(({ ending }) => ending === 'failed');
    for (const { state: _, ...unit } of without)
      out.json({ version: 1, event: unit.ending === 'failed' ? 'failed' : 'ended', ...unit });
    const { id, name } = this.#batch;
    const { state, endedCode, isVerified, counts } = this.#status;
    const { movedCount } = this.#folder;
    out.json({
      ...{ version: 1, event: 'done', batch: { id, name, state, endedCode, isVerified, counts } },
      ...{ written: this.#writtenCount, alreadyThere: this.#presentCount, superseded: movedCount },
      ...{ failed: failed.length, ended: without.length - failed.length, unwritten: this.#troubles.length, summary },
    });
    const numbers = { writtenCount: this.#writtenCount, presentCount: this.#presentCount, movedCount };
    reportEnd({ status: this.#status, ...numbers, without, failed, summary }, options, out);
    const [trouble] = this.#troubles;
    if (trouble) throw unwritten(this.#troubles, trouble);
    const isHeld = openCounts(counts).held > 0;
    return without.length === 0 && isHeld && options.follow ? EXIT.endedEarly : exitCodeOf(without);
  }
}

function unwritten(troubles: readonly ManyhandsError[], first: ManyhandsError): ManyhandsError {
  const others = troubles.length === 1 ? '' : ` So it is with ${formatCount(troubles.length - 1)} more.`;
  return new ManyhandsError(first.code, {
    message: `${first.message}${others} Everything else is there. Then run the same command again: nothing is computed twice.`,
    meta: { ...first.meta, unwritten: troubles.length },
    cause: first,
  });
}

// A folder of results that never mixes answers: what a batch does not confirm is moved away, what others put there is never touched.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodeDagCbor, fileError, type ManifestRoot, type ManyhandsError } from '@manyhands/contract';
import type { AcceptedUnit, Result } from '@manyhands/sdk';
import { inTheWay, isThere, ResultFiles, UNFINISHED, type Written } from './result-files.js';
import { findObstacles, foldersAbove, type Obstacles } from './result-obstacles.js';
import { MOVED_FOLDER, type Moved, RECORD_FOLDER, ResultRecord } from './result-record.js';

/** The digests of the units that are accepted so far, by name. */
export type Accepted = ReadonlyMap<string, string>;

/** `program`: hash of everything but the inputs, so that batches of one question are known as such. */
export type CollectedBatch = { id: string; name: string; program: string };

/** What the batch's program and options have in common with another's of the same question. */
export function programKey({ appVersionId, common }: Pick<ManifestRoot, 'appVersionId' | 'common'>): string {
  return createHash('sha256')
    .update(encodeDagCbor([appVersionId, common]))
    .digest('hex');
}

export class ResultFolder {
  readonly files: ResultFiles;
  readonly #record: ResultRecord;
  #batch: CollectedBatch | undefined;
  /** By unit: why it cannot be written here. */
  #refused: ReadonlyMap<string, ManyhandsError> = new Map();
  #movedCount = 0;

  /** Reads the record. Throws MH-GEN-007, MH-GEN-013. */
  constructor(options: { directory: string; collect: readonly string[] }) {
    this.files = new ResultFiles(options);
    this.#record = new ResultRecord(options.directory);
  }

  /** How many results were moved away by now. */
  get movedCount(): number {
    return this.#movedCount;
  }

  /**
   * Looks at all places where results of these units will lie, before anything is submitted. `accepted`: of the batch, if it exists already;
   * what lies there with exactly those bytes is ours. Throws MH-BAT-011 for a file of somebody else, MH-GEN-009 and MH-GEN-013 for names that
   * the folder cannot have.
   */
  async check(names: readonly string[], accepted: () => Promise<Accepted>): Promise<void> {
    const [refusal] = (await this.#refusals(findObstacles(names, this.#parts), accepted)).values();
    if (refusal) throw refusal;
  }

  /** Begins to take in a batch: notes it, and moves away what it does not confirm, before the first result is written. */
  async begin(batch: CollectedBatch, names: readonly string[], accepted: () => Promise<Accepted>): Promise<void> {
    const obstacles = findObstacles(names, this.#parts);
    this.#refused = await this.#refusals(obstacles, accepted);
    this.#batch = batch;
    const stale = this.#ofOtherQuestions(batch, new Set(names));
    this.#record.begin({ ...batch, collect: this.files.collect });
    this.#removeUnfinished();
    for (const unit of new Set([...obstacles.blockers, ...stale])) await this.#moveAway(unit);
    const adopted = [...obstacles.foreign.keys()].filter((name) => !this.#refused.has(name));
    const unsure = [...obstacles.present, ...adopted].filter(
      (name) => this.#record.given.get(name)?.batch !== batch.id && !this.#refused.has(name),
    );
    if (unsure.length === 0) return;
    const digests = await accepted();
    for (const name of unsure) {
      const digest = digests.get(name);
      if (digest === undefined || !(await this.#isConfirmed(name, digest))) await this.#moveAway(name);
      else this.#give(name, digest);
    }
  }

  get #parts(): { files: ResultFiles; record: ResultRecord } {
    return { files: this.files, record: this.#record };
  }

  /** Files of somebody else are in the way, unless they are exactly what was accepted: an older version kept no record. */
  async #refusals(
    { foreign, impossible }: Obstacles,
    accepted: () => Promise<Accepted>,
  ): Promise<Map<string, ManyhandsError>> {
    const refusals = new Map(impossible);
    const digests = foreign.size > 0 ? await accepted() : new Map<string, string>();
    for (const [name, path] of foreign) {
      const digest = digests.get(name);
      const isOurs = digest !== undefined && (await this.files.find({ name, digest })) !== undefined;
      if (!isOurs) refusals.set(name, inTheWay(this.files.at(path)));
    }
    return refusals;
  }

  /** The exit code of the result that lies here, or lay here before and was moved away, with exactly the accepted bytes. */
  async find(unit: AcceptedUnit): Promise<number | undefined> {
    if (this.#refused.has(unit.name)) return undefined;
    const exitCode = await this.files.find(unit);
    if (exitCode === undefined) return this.#bringBack(unit);
    const { name, digest } = unit;
    const known = this.#record.given.get(name);
    if (known?.batch !== this.#id || known.digest !== digest) this.#give(name, digest);
    return exitCode;
  }

  /** Writes a result. Throws MH-GEN-013, MH-GEN-010, MH-BAT-011. */
  async write(result: Pick<Result, 'name' | 'digest' | 'stdout' | 'files'>): Promise<Written> {
    const refusal = this.#refused.get(result.name);
    if (refusal) throw refusal;
    if (this.#record.given.has(result.name)) await this.#moveAway(result.name); // changed since it was written
    return this.files.write(result, { beforeLast: () => this.#give(result.name, result.digest) });
  }

  /** A unit without a result has no file under its name. */
  async withdraw(name: string): Promise<void> {
    if (this.#record.given.has(name)) await this.#moveAway(name);
  }

  /** Never throws. */
  end(): void {
    if (this.#batch) this.#record.end(this.#batch.id);
    this.#batch = undefined;
  }

  get #id(): string {
    if (!this.#batch) throw new Error('no batch was begun');
    return this.#batch.id;
  }

  #give(unit: string, digest: string): void {
    this.#record.give({ unit, digest, batch: this.#id });
  }

  async #isConfirmed(name: string, digest: string): Promise<boolean> {
    const known = this.#record.given.get(name);
    return known ? known.digest === digest : (await this.files.find({ name, digest })) !== undefined;
  }

  /** Results of another program under names that this batch does not have: beside its own they would look like its answers. */
  #ofOtherQuestions({ id, program }: CollectedBatch, names: ReadonlySet<string>): string[] {
    const { given, moved, batches } = this.#record;
    const entries = [...given.values(), ...[...moved.values()].flat()];
    const meeting = new Set(entries.filter(({ unit }) => names.has(unit)).map(({ batch }) => batch));
    const isOther = (batch: string): boolean =>
      batch !== id && meeting.has(batch) && batches.get(batch)?.program !== program;
    return [...given.values()].filter(({ unit, batch }) => !names.has(unit) && isOther(batch)).map(({ unit }) => unit);
  }

  /** Moves all files of a unit below `.superseded/<batch>/`, where nothing is overwritten. */
  async #moveAway(unit: string): Promise<void> {
    const known = this.#record.given.get(unit);
    const batchId = known?.batch ?? [...this.#record.broken].find((id) => id !== this.#batch?.id) ?? this.#id;
    const batch = this.#record.batches.get(batchId);
    const paths = this.files.pathsOf(unit, batch?.collect);
    const there: string[] = [];
    for (const path of paths) if (await isThere(this.files.at(path))) there.push(path);
    const movedTo = this.#freeFolder(batch?.name ?? batchId, there);
    try {
      for (const path of there) {
        await mkdir(dirname(this.files.at(`${movedTo}/${path}`)), { recursive: true });
        await rename(this.files.at(path), this.files.at(`${movedTo}/${path}`));
        this.#removeEmptyFolders(path);
      }
    } catch (cause) {
      throw fileError('move', this.files.fileOf(unit), cause);
    }
    this.#record.move({ unit, digest: known?.digest ?? '', batch: batchId, movedTo });
    if (there.length > 0) this.#movedCount += 1;
  }

  #freeFolder(batchName: string, paths: readonly string[]): string {
    for (let number = 1; ; number += 1) {
      const folder = `${MOVED_FOLDER}/${batchName}${number === 1 ? '' : `.${number}`}`;
      if (paths.every((path) => !existsSync(this.files.at(`${folder}/${path}`)))) return folder;
    }
  }

  async #bringBack({ name, digest }: AcceptedUnit): Promise<number | undefined> {
    const candidates = (this.#record.moved.get(name) ?? []).filter((entry) => entry.digest === digest);
    for (const moved of candidates) {
      const place = new ResultFiles({ directory: this.files.at(moved.movedTo), collect: this.files.collect });
      const exitCode = await this.files.find({ name, digest }, place);
      if (exitCode === undefined) continue;
      if (this.#record.given.has(name)) await this.#moveAway(name);
      await this.#moveBack(name, moved);
      return exitCode;
    }
    return undefined;
  }

  async #moveBack(name: string, { digest, movedTo }: Moved): Promise<void> {
    this.#give(name, digest); // first, so that the file is ours from the moment on that it is there
    const [stdout = name, ...collected] = this.files.pathsOf(name);
    for (const path of [...collected, stdout]) {
      const from = this.files.at(`${movedTo}/${path}`);
      if (!(await isThere(from))) continue;
      if (await isThere(this.files.at(path))) throw inTheWay(this.files.at(path));
      await mkdir(dirname(this.files.at(path)), { recursive: true });
      await rename(from, this.files.at(path));
      this.#removeEmptyFolders(`${movedTo}/${path}`);
    }
    this.#movedCount -= 1;
  }

  /** The folders above a path, as far as nothing is in them. */
  #removeEmptyFolders(path: string): void {
    for (const folder of foldersAbove([path]).reverse())
      try {
        rmdirSync(this.files.at(folder));
      } catch {
        return; // something is in it
      }
  }

  /** What a process that was killed had begun to write. */
  #removeUnfinished(): void {
    const folder = this.files.at(RECORD_FOLDER);
    for (const name of readdirSync(folder)) {
      const pid = Number(UNFINISHED.exec(name)?.[1] ?? process.pid);
      if (pid !== process.pid && !isRunning(pid)) rmSync(join(folder, name), { force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

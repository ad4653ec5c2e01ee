// Results as files: stdout under the unit's name, collected files in NAME.d, each written whole or not at all.
import { randomBytes } from 'node:crypto';
import { access, constants, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeResult, digestResult, fileError, ManyhandsError } from '@manyhands/contract';
import { ensureFolder } from '@manyhands/contract/folders';
import type { AcceptedUnit, Result } from '@manyhands/sdk';
import { RECORD_FOLDER } from './result-record.js';

const EXIT_CODES = Array.from({ length: 256 }, (_, code) => code);
/** Names of files that are being written: the process that writes them comes first, so that the next one knows what a crash left. */
export const UNFINISHED = /^(\d+)-[0-9a-f]{16}\.tmp$/;

/** Where a result lies. `files`: of the collected files that the program wrote. */
export type Written = { file: string; files: string[] };

export class ResultFiles {
  readonly directory: string;
  readonly collect: readonly string[];

  constructor(options: { directory: string; collect: readonly string[] }) {
    this.directory = options.directory;
    this.collect = options.collect;
  }

  /** Makes the folder, so that a place that cannot be written is noticed before anything is computed. Throws MH-GEN-013, MH-GEN-010. */
  async prepare(): Promise<void> {
    try {
      ensureFolder(this.directory);
      await access(this.directory, constants.W_OK);
    } catch (cause) {
      throw fileError('write results into', this.directory, cause);
    }
  }

  /** The file that a unit's stdout lands in. */
  fileOf(name: string): string {
    return this.at(name);
  }

  /** A path below the folder. */
  at(path: string): string {
    return join(this.directory, ...path.split('/'));
  }

  /** Everything that a result of this unit may have, below the folder; stdout first. */
  pathsOf(name: string, collect: readonly string[] = this.collect): string[] {
    return [name, ...collect.map((file) => `${name}.d/${file}`)];
  }

  /** The exit code of the result that lies here already with exactly the accepted bytes; undefined when it does not. `folder`: another place for it. */
  async find(unit: Pick<AcceptedUnit, 'name' | 'digest'>, folder: ResultFiles = this): Promise<number | undefined> {
    const stdout = await readIfThere(folder.fileOf(unit.name));
    if (!stdout) return undefined;
    const files = await Promise.all(
      this.collect.map(async (name) => ({
        name,
        bytes: (await readIfThere(folder.at(`${unit.name}.d/${name}`))) ?? null,
      })),
    );
    const record = describeResult({ exitCode: 0, stdout, files });
    return EXIT_CODES.find(
      (exitCode) => Buffer.from(digestResult({ ...record, exitCode })).toString('hex') === unit.digest,
    );
  }

  /**
   * Writes a result where nothing lies. The stdout file comes last: where it is, everything is. `beforeLast` is called before that. What was
   * written of a result that could not be written as a whole is removed. Throws MH-GEN-013, MH-GEN-010, MH-BAT-011.
   */
  async write(
    result: Pick<Result, 'name' | 'stdout' | 'files'>,
    { beforeLast = () => undefined }: { beforeLast?: () => void } = {},
  ): Promise<Written> {
    const contents = [
      ...result.files.flatMap(({ name, bytes }) => (bytes ? [{ path: `${result.name}.d/${name}`, bytes }] : [])),
      { path: result.name, bytes: result.stdout },
    ];
    const written: string[] = [];
    try {
      for (const { path, bytes } of contents) {
        if (path === result.name) beforeLast();
        await this.#writeWhole(this.at(path), bytes);
        written.push(this.at(path));
      }
    } catch (error) {
      for (const file of written) await rm(file, { force: true });
      throw error;
    }
    return { file: this.fileOf(result.name), files: written.slice(0, -1) };
  }

  async #writeWhole(path: string, bytes: Uint8Array): Promise<void> {
    const temporary = join(this.directory, RECORD_FOLDER, `${process.pid}-${randomBytes(8).toString('hex')}.tmp`);
    try {
      await mkdir(dirname(temporary), { recursive: true });
      await mkdir(dirname(path), { recursive: true });
      await writeFile(temporary, bytes);
      if (await isThere(path)) throw inTheWay(path);
      await rename(temporary, path);
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw cause instanceof ManyhandsError ? cause : fileError('write', path, cause);
    }
  }
}

/** A file of somebody else, which is never touched. */
export function inTheWay(path: string): ManyhandsError {
  return new ManyhandsError('MH-BAT-011', {
    message: `${path} is in the way of a result, and Manyhands has no record of having written it. Please move it away, or choose another folder with --out.`,
    meta: { path },
  });
}

/** Also a link that leads nowhere. */
export async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    const bytes = await readFile(path);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch {
    return undefined;
  }
}

// Results as files: stdout under the unit's name, collected files in NAME.d, each written whole or not at all.
import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeResult, digestResult, fileError, ManyhandsError } from '@manyhands/contract';
import { ensureFolder } from '@manyhands/contract/folders';
import type { AcceptedUnit, Result } from '@manyhands/sdk';

const EXIT_CODES = Array.from({ length: 256 }, (_, code) => code);

/** Where a result lies. `files`: of the collected files that the program wrote. */
export type Written = { file: string; files: string[] };

export class ResultFiles {
  readonly #directory: string;
  readonly #collect: readonly string[];

  constructor(options: { directory: string; collect: readonly string[] }) {
    this.#directory = options.directory;
    this.#collect = options.collect;
  }

  /** Makes the folder, so that a place that cannot be written is noticed before anything is computed. Throws MH-GEN-013, MH-GEN-010. */
  async prepare(): Promise<void> {
    try {
      ensureFolder(this.#directory);
      await access(this.#directory, constants.W_OK);
    } catch (cause) {
      throw fileError('write results into', this.#directory, cause);
    }
  }

  /** The file that a unit's stdout lands in. */
  fileOf(name: string): string {
    return join(this.#directory, ...name.split('/'));
  }

  /** The exit code of the result that lies here already with exactly the accepted bytes; undefined when it does not. */
  async find(unit: AcceptedUnit): Promise<number | undefined> {
    const stdout = await readIfThere(this.fileOf(unit.name));
    if (!stdout) return undefined;
    const files = await Promise.all(
      this.#collect.map(async (name) => ({
        name,
        bytes: (await readIfThere(this.#collected(unit.name, name))) ?? null,
      })),
    );
    const record = describeResult({ exitCode: 0, stdout, files });
    return EXIT_CODES.find(
      (exitCode) => Buffer.from(digestResult({ ...record, exitCode })).toString('hex') === unit.digest,
    );
  }

  /** Writes a result. The stdout file comes last: where it is, everything is. Throws MH-GEN-013, MH-GEN-010. */
  async write(result: Pick<Result, 'name' | 'stdout' | 'files'>): Promise<Written> {
    const file = this.fileOf(result.name);
    const files: string[] = [];
    for (const { name, bytes } of result.files) {
      const path = this.#collected(result.name, name);
      if (bytes === null) await rm(path, { force: true });
      else await writeWhole(path, bytes);
      if (bytes !== null) files.push(path);
    }
    await writeWhole(file, result.stdout);
    return { file, files };
  }

  #collected(unitName: string, name: string): string {
    return join(`${this.fileOf(unitName)}.d`, ...name.split('/'));
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.manyhands-${randomBytes(8).toString('hex')}.tmp`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const { code, message } = fileError('write', path, cause);
    throw new ManyhandsError(code, {
      message: `${message} Then run the same command again to continue.`,
      meta: { path },
      cause,
    });
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    const bytes = await readFile(path);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch {
    return undefined;
  }
}

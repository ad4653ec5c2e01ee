// The scientist's data folder: the keys of projects, their founding records, the pinned identities of coordinators, and builds of programs.
import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { fileError, type KeyPair, keyPairOfSeed, ManyhandsError, shapeTrouble } from '@manyhands/contract';
import { ensureFolder } from '@manyhands/contract/folders';
import { z } from 'zod';

/** The version of every JSON file in the folder. */
const FORMAT_VERSION = 1;

/** Where keys are kept unless told otherwise: the platform's folder for the data of programs. */
export function defaultDataDirectory(): string {
  if (platform() === 'win32')
    return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'manyhands', 'Data', 'scientist');
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Application Support', 'manyhands', 'scientist');
  return join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'manyhands', 'scientist');
}

/** Where builds of programs are kept in a data folder: a cache, which may be deleted at any time. */
export function buildsDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'builds');
}

/** Reads the 32-byte seed in a file. Undefined when there is none; throws MH-GEN-013 when the file is no seed. */
export async function readKey(file: string): Promise<KeyPair | undefined> {
  const seed = await readIfThere(file);
  if (!seed) return undefined;
  if (seed.length !== 32) throw damaged(file, 'it should hold 32 bytes');
  return keyPairOfSeed(new Uint8Array(seed));
}

/** Reads the key of a file, or makes a new one that only its owner can read. Of several made at the same moment one wins. */
export async function readOrCreateKey(file: string): Promise<KeyPair> {
  const existing = await readKey(file);
  if (existing) return existing;
  const temporary = temporaryNameOf(file);
  try {
    ensureFolder(dirname(file), 0o700);
    await writeFile(temporary, randomBytes(32), { mode: 0o600, flush: true });
    await link(temporary, file); // unlike a rename, never replaces a key
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(file, error);
  } finally {
    await rm(temporary, { force: true });
  }
  const key = await readKey(file);
  if (!key) throw unwritable(file, new Error('the key has vanished'));
  return key;
}

/** Reads a versioned JSON file. Undefined when there is none. Throws MH-GEN-007 for a newer version and MH-GEN-013 for a damaged file. */
export async function readRecord<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const bytes = await readIfThere(file);
  if (!bytes) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw damaged(file, 'it is not JSON');
  }
  const { version } = z
    .object({ version: z.number().catch(0) })
    .catch({ version: 0 })
    .parse(value);
  if (version > FORMAT_VERSION) throw new ManyhandsError('MH-GEN-007', { meta: { file, version } });
  const record = schema.safeParse(value);
  if (!record.success) throw damaged(file, shapeTrouble(record.error));
  return record.data;
}

/** Writes a JSON file whole or not at all. */
export async function writeRecord(
  file: string,
  record: { version: typeof FORMAT_VERSION; [field: string]: unknown },
): Promise<void> {
  const temporary = temporaryNameOf(file);
  try {
    ensureFolder(dirname(file), 0o700);
    await writeFile(temporary, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600, flush: true });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(file, error);
  }
}

function temporaryNameOf(file: string): string {
  return `${file}.${randomBytes(6).toString('hex')}.tmp`;
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError('read', file, error);
  }
}

function damaged(file: string, reason: string): ManyhandsError {
  return new ManyhandsError('MH-GEN-013', { message: `${file} is damaged: ${reason}.`, meta: { file } });
}

function unwritable(file: string, cause: unknown): ManyhandsError {
  return fileError('write', file, cause);
}

/** Where the key of a project is kept. */
export function projectKeyFile(dataDirectory: string, projectName: string): string {
  return join(dataDirectory, 'projects', `${projectName}.key`);
}

// The data folder: its layout, and the keys and tokens in it, readable by their owner only.

import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, ManyhandsError } from '@manyhands/contract';
import { ensureFolder } from '@manyhands/contract/folders';

export type DataFolder = {
  readonly directory: string;
  readonly database: string;
  readonly blocks: string;
  readonly results: string;
  /** Checkpoints that wait for a successor. */
  readonly checkpoints: string;
  /** Results and checkpoints that came in part. */
  readonly uploads: string;
  readonly coordinatorKey: string;
  readonly overlayKey: string;
  readonly operatorToken: string;
  readonly lock: string;
};

/** Where everything lies in a data folder. */
export function layoutOf(directory: string): DataFolder {
  return {
    directory,
    database: join(directory, 'coordinator.sqlite'),
    blocks: join(directory, 'blocks'),
    results: join(directory, 'results'),
    checkpoints: join(directory, 'checkpoints'),
    uploads: join(directory, 'uploads'),
    coordinatorKey: join(directory, 'coordinator.key'),
    overlayKey: join(directory, 'overlay.key'),
    operatorToken: join(directory, 'operator-token'),
    lock: join(directory, 'lock'),
  };
}

/** Makes the folders that are missing; nobody but the owner may enter. Throws MH-GEN-013. */
export async function makeFolders(folder: DataFolder): Promise<void> {
  try {
    ensureFolder(folder.directory, 0o700);
    await chmod(folder.directory, 0o700);
    for (const path of [folder.blocks, folder.results, folder.checkpoints, folder.uploads])
      await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw fileError('make or write the data folder', folder.directory, cause);
  }
}

/** Reads a 32-byte key seed, or makes one. Throws MH-GEN-013 when the file is not one. */
export async function keySeedIn(path: string): Promise<Uint8Array> {
  const seed = await readOrCreate(path, () => randomBytes(32));
  if (seed.length === 32) return Uint8Array.from(seed);
  throw new ManyhandsError('MH-GEN-013', { message: `${path} does not hold a key of 32 bytes.`, meta: { path } });
}

/** Reads the operator's token, or makes one. The file holds one line. */
export async function operatorTokenIn(path: string): Promise<string> {
  const text = await readOrCreate(path, () => Buffer.from(`${randomBytes(24).toString('base64url')}\n`));
  return text.toString('utf8').trim();
}

async function readOrCreate(path: string, create: () => Buffer): Promise<Buffer> {
  try {
    await writeFile(path, create(), { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileError('write', path, error);
  }
  await chmod(path, 0o600);
  return readFile(path);
}

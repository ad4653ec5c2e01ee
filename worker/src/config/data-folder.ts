// The worker's data folder: its layout, its lock, and the keys in it, readable by their owner only.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileError, ManyhandsError } from '@manyhands/contract';
import { ensureFolder } from '@manyhands/contract/folders';
import Database from 'better-sqlite3';

export type DataFolder = {
  directory: string;
  hostKey: string;
  /** Of the host that this one was before `new-host`, until the coordinator has taken the new one into its account. */
  predecessorKey: string;
  overlayKey: string;
  accountKey: string;
  account: string;
  blocks: string;
  lock: string;
};

/** Where everything lies in a data folder. */
export function layoutOf(directory: string): DataFolder {
  return {
    directory,
    hostKey: join(directory, 'host.key'),
    predecessorKey: join(directory, 'predecessor.key'),
    overlayKey: join(directory, 'overlay.key'),
    accountKey: join(directory, 'account.key'),
    account: join(directory, 'account.json'),
    blocks: join(directory, 'blocks'),
    lock: join(directory, 'lock'),
  };
}

/** Makes the folder if it is missing; nobody but the owner may enter. Throws MH-GEN-013. */
export function makeFolder(directory: string): DataFolder {
  try {
    ensureFolder(directory, 0o700);
    chmodSync(directory, 0o700);
  } catch (cause) {
    throw fileError('make or write the data folder', directory, cause);
  }
  return layoutOf(directory);
}

export type FolderLock = { release(): void };

/** Takes the folder for this process; the operating system gives it back whatever happens. Throws MH-GEN-008. */
export function lockFolder({ lock, directory }: DataFolder): FolderLock {
  const database = new Database(lock, { timeout: 0 });
  try {
    // SQLite's exclusive transaction is a lock that dies with its process, on every platform.
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    const trouble = fileError('lock', lock, cause);
    if (trouble.code !== 'MH-GEN-008') throw trouble;
    const message = `The data folder ${directory} is in use by another worker. Stop it, or choose another folder with --data.`;
    throw new ManyhandsError('MH-GEN-008', { message, meta: { path: directory }, cause });
  }
  return { release: () => database.close() };
}

/** Reads a 32-byte key seed, or makes one. Throws MH-GEN-013 when the file is not one. */
export function keySeedIn(path: string): Uint8Array {
  if (!existsSync(path)) writeFileSync(path, randomBytes(32), { flag: 'wx', mode: 0o600, flush: true });
  const seed = readFileSync(path);
  if (seed.length === 32) return Uint8Array.from(seed);
  throw new ManyhandsError('MH-GEN-013', { message: `${path} does not hold a key of 32 bytes.`, meta: { path } });
}

/** Removes the worker's own files and, when nothing else is in it, the folder. The account stays unless it is to go too. */
export function removeFolder(directory: string, { isAccountRemoved }: { isAccountRemoved: boolean }): void {
  if (!existsSync(directory)) return;
  for (const name of readdirSync(directory))
    if (OWN_NAME.test(name) || (isAccountRemoved && ACCOUNT_NAME.test(name)))
      rmSync(join(directory, name), { recursive: true, force: true });
  if (readdirSync(directory).length === 0) rmdirSync(directory);
}

/** Whoever has these two files is the account. */
const ACCOUNT_NAME = /^account\.(key|json)$/;
/** Databases have companions (-wal, -shm, -journal) and backups (.before-n). */
const OWN_NAME =
  /^((host|overlay|predecessor)\.key|last-used\.json|blocks|bundles|snapshots|checkpoints|control\.(sock|json)|(worker\.sqlite|lock)([-.].*)?)$/;

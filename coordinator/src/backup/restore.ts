// Restores a backup into a new data folder, all of it or nothing.
import { mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileError, ManyhandsError, matchesCid, openBundle, parseCid } from '@manyhands/contract';
import { ensureFolder } from '@manyhands/contract/folders';
import { layoutOf } from '../config/data-folder.js';
import { type ArchiveEntry, ArchiveReader } from '../storage/sqlite/backup-archive.js';
import { assertSound, blocksIn } from '../storage/sqlite/snapshot.js';

const PATH =
  /^(coordinator\.sqlite|coordinator\.key|overlay\.key|operator-token|blocks\/..\/[a-z2-7]+|results\/..\/[0-9a-f]{64})$/;

/**
 * Verifies a backup and makes a data folder of it. Throws MH-GEN-009 when the folder is not empty, MH-GEN-013 when the backup is damaged,
 * MH-GEN-007 when a newer Manyhands wrote it. The folder appears only when everything is in it.
 */
export async function restoreCoordinator(options: {
  file: string;
  dataDirectory: string;
}): Promise<{ dataDirectory: string; files: number }> {
  const target = resolve(options.dataDirectory);
  await assertEmpty(target);
  const reader = new ArchiveReader(options.file);
  ensureFolder(dirname(target));
  const unfinished = await mkdtemp(`${target}.restoring-`);
  try {
    const entries = reader.entries();
    for (const entry of entries) await restoreFile(reader, entry, unfinished);
    await verify(unfinished, entries);
    await rm(target, { recursive: true, force: true });
    await rename(unfinished, target);
    return { dataDirectory: target, files: entries.length };
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  } finally {
    reader.close();
  }
}

async function assertEmpty(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw fileError('read', directory, error);
  });
  if (names.length > 0)
    throw new ManyhandsError('MH-GEN-009', {
      message: `The data folder ${directory} is not empty; name a new one or move it away.`,
      meta: { dataDirectory: directory },
    });
}

async function restoreFile(reader: ArchiveReader, entry: ArchiveEntry, directory: string): Promise<void> {
  if (!PATH.test(entry.path)) throw damaged(entry.path);
  const path = join(directory, entry.path);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await open(path, 'wx', 0o600);
  try {
    for (const bytes of reader.parts(entry)) await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The database must be sound, and everything that it and the names promise must be there. */
async function verify(directory: string, entries: readonly ArchiveEntry[]): Promise<void> {
  const { database, blocks, coordinatorKey } = layoutOf(directory);
  const paths = new Set(entries.map(({ path }) => path));
  if (!paths.has('coordinator.sqlite') || !paths.has('coordinator.key')) throw damaged(coordinatorKey);
  assertSound(database);
  for (const cid of blocksIn(database))
    if (!paths.has(`blocks/${cid.slice(-2)}/${cid}`)) throw damaged(join(blocks, cid));
  for (const { path } of entries) await verifyContent(directory, path);
}

async function verifyContent(directory: string, path: string): Promise<void> {
  const name = path.split('/').at(-1) ?? '';
  const isBlock = path.startsWith('blocks/');
  if (!isBlock && !path.startsWith('results/')) return;
  const handle = await open(join(directory, path), 'r');
  try {
    const bytes = await handle.readFile();
    const isRight = isBlock ? matchesCid(parseCid(name).cid, bytes) : openBundle(bytes, Buffer.from(name, 'hex'));
    if (!isRight) throw damaged(path);
  } finally {
    await handle.close();
  }
}

function damaged(path: string): ManyhandsError {
  return new ManyhandsError('MH-GEN-013', {
    message: `The backup is damaged: ${path} is wrong or missing.`,
    meta: { path },
  });
}

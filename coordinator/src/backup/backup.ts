// Backup of a coordinator, running or not, into one file; it holds the keys, so it is readable by its owner only.
import { createReadStream, existsSync } from 'node:fs';
import { chmod, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileError, ManyhandsError } from '@manyhands/contract';
import { ensureFolder } from '@manyhands/contract/folders';
import { blockFileOf } from '../blocks/block-files.js';
import { type DataFolder, layoutOf } from '../config/data-folder.js';
import { ArchiveReader, ArchiveWriter } from '../storage/sqlite/backup-archive.js';
import { blocksIn, snapshotDatabase } from '../storage/sqlite/snapshot.js';

const PART_BYTES = 1024 * 1024;
/** Retention may remove a block between the copy of the database and that of the block; then a newer copy of the database is taken. */
const ROUNDS_MAXIMUM = 20;
const DATABASE_ENTRY = 'coordinator.sqlite';

export type BackupSummary = { file: string; files: number; sizeBytes: number };

/**
 * Saves a data folder: database, blocks, results and keys. The coordinator may run meanwhile. An older backup of the same name is replaced once
 * the new one is whole. Throws MH-GEN-009 when the file is something else, MH-GEN-010, MH-GEN-013.
 */
export async function backupCoordinator(options: { dataDirectory: string; file: string }): Promise<BackupSummary> {
  requireReplaceable(options.file);
  const folder = layoutOf(options.dataDirectory);
  const unfinished = `${options.file}.unfinished`;
  try {
    await createPrivate(unfinished);
    const writer = new ArchiveWriter(unfinished);
    const totals = await fill(writer, folder, `${unfinished}.database`);
    await makeDurable(unfinished);
    await rename(unfinished, options.file);
    return { file: options.file, ...totals };
  } catch (error) {
    await rm(unfinished, { force: true });
    if (error instanceof ManyhandsError) throw error;
    throw fileError('write the backup', options.file, error);
  } finally {
    await rm(`${unfinished}.database`, { force: true });
  }
}

function requireReplaceable(file: string): void {
  if (!existsSync(file)) return;
  try {
    new ArchiveReader(file).close();
  } catch (cause) {
    const message = `${file} is there already, and is no complete backup. Please move it away, or choose another name.`;
    throw new ManyhandsError('MH-GEN-009', { message, meta: { path: file }, cause });
  }
}

async function fill(
  writer: ArchiveWriter,
  folder: DataFolder,
  snapshot: string,
): Promise<{ files: number; sizeBytes: number }> {
  try {
    for (let round = 1; !(await addConsistently(writer, folder, snapshot)); round += 1)
      if (round === ROUNDS_MAXIMUM)
        throw new ManyhandsError('MH-GEN-013', {
          message: 'Blocks that the database names are missing from the folder.',
        });
    for (const path of await filesBelow(folder.results)) await addFile(writer, folder, path);
    for (const path of [folder.coordinatorKey, folder.overlayKey, folder.operatorToken])
      await addFile(writer, folder, path);
    return writer.finish(Date.now());
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

/** Adds a copy of the database and every block that it names; false when one of them was removed meanwhile. */
async function addConsistently(writer: ArchiveWriter, folder: DataFolder, snapshot: string): Promise<boolean> {
  await snapshotDatabase(folder.database, snapshot);
  await writer.add(DATABASE_ENTRY, createReadStream(snapshot, { highWaterMark: PART_BYTES }));
  for (const cid of blocksIn(snapshot)) {
    const path = blockFileOf(folder.blocks, cid);
    if (!(await addFile(writer, folder, path))) return false;
  }
  return true;
}

/** False when the file does not exist. */
async function addFile(writer: ArchiveWriter, folder: DataFolder, path: string): Promise<boolean> {
  const name = relative(folder.directory, path).split(sep).join('/');
  if (writer.has(name)) return true;
  try {
    await writer.add(name, createReadStream(path, { highWaterMark: PART_BYTES }));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    writer.remove(name);
    return false;
  }
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.includes('.')) // names with a dot are still being written
    .map((entry) => join(entry.parentPath, entry.name));
}

async function createPrivate(file: string): Promise<void> {
  ensureFolder(dirname(file));
  await writeFile(file, '', { mode: 0o600 });
  await chmod(file, 0o600);
}

async function makeDurable(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.sync();
  await handle.close();
}

// What files outside of the database have in common: names that last, and what a failing disk means.
import { copyFile, link, open, rename, rm } from 'node:fs/promises';
import { ManyhandsError } from '@manyhands/contract';

/** A new or renamed file has its name for good only once its folder is on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a durable file a second name in a folder; a copy where the file system cannot. The name lasts when this resolves. */
export async function nameDurably(file: string, { folder, name }: { folder: string; name: string }): Promise<void> {
  const target = `${folder}/${name}`;
  try {
    await link(file, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await copyDurably(file, target);
  }
  await syncFolder(folder);
}

async function copyDurably(file: string, target: string): Promise<void> {
  const unfinished = `${target}.tmp`;
  try {
    await copyFile(file, unfinished);
    const handle = await open(unfinished, 'r+');
    await handle.sync().finally(() => handle.close());
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** MH-GEN-010 when the disk is full, MH-GEN-013 for other trouble; an error that has a code already stays as it is. */
export function diskError(error: unknown): ManyhandsError {
  if (error instanceof ManyhandsError) return error;
  const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
  return new ManyhandsError(isFull ? 'MH-GEN-010' : 'MH-GEN-013', { cause: error });
}

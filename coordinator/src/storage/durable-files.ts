// What files outside of the database have in common: names that last, and what a failing disk means.
import { open } from 'node:fs/promises';
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

/** MH-GEN-010 when the disk is full, MH-GEN-013 for other trouble; an error that has a code already stays as it is. */
export function diskError(error: unknown): ManyhandsError {
  if (error instanceof ManyhandsError) return error;
  const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
  return new ManyhandsError(isFull ? 'MH-GEN-010' : 'MH-GEN-013', { cause: error });
}

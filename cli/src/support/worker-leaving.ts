// Tells the worker of a data folder to leave, waits for its end, and removes what it had when asked to.
import { setTimeout as sleep } from 'node:timers/promises';
import { isManyhandsError, ManyhandsError } from '@manyhands/contract';
import { controlWorker, purgeWorker } from '@manyhands/worker';

const POLL_MS = 100;

/** Throws MH-GEN-003 when no worker runs there and nothing is to be removed, MH-GEN-004 when it does not end. */
export async function leave(
  directory: string,
  { isPurging, timeoutMs }: { isPurging: boolean; timeoutMs: number },
): Promise<{ wasRunning: boolean }> {
  const wasRunning = await isTold(directory, isPurging);
  const deadlineMs = performance.now() + timeoutMs;
  while (wasRunning && (await isRunning(directory))) {
    if (performance.now() > deadlineMs)
      throw new ManyhandsError('MH-GEN-004', {
        message: `The worker in ${directory} was told to leave but still runs.`,
      });
    await sleep(POLL_MS);
  }
  if (isPurging) await purge(directory, deadlineMs);
  return { wasRunning };
}

/** Says it; false when nobody is there, which is no trouble when the folder is to be removed anyway. */
async function isTold(directory: string, isPurging: boolean): Promise<boolean> {
  try {
    await controlWorker(directory, 'leave');
    return true;
  } catch (error) {
    if (isPurging && isManyhandsError(error) && error.code === 'MH-GEN-003') return false;
    throw error;
  }
}

async function isRunning(directory: string): Promise<boolean> {
  return controlWorker(directory, 'status').then(
    () => true,
    (error: unknown) => !(isManyhandsError(error) && error.code === 'MH-GEN-003'),
  );
}

/** The lock is let go a moment after the socket is gone. */
async function purge(directory: string, deadlineMs: number): Promise<void> {
  for (;;) {
    try {
      purgeWorker(directory);
      return;
    } catch (error) {
      const isBusy = isManyhandsError(error) && error.code === 'MH-GEN-008';
      if (!isBusy || performance.now() > deadlineMs) throw error;
    }
    await sleep(POLL_MS);
  }
}

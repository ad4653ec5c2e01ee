// Makes the worker of a data folder a host of its own, whether it runs or not.
import { setTimeout as sleep } from 'node:timers/promises';
import { isManyhandsError, ManyhandsError } from '@manyhands/contract';
import { controlWorker, hostIdIn, renewHost, type WorkerStatus } from '@manyhands/worker';

const POLL_MS = 100;
/** A worker that was told to begin anew is back after so long, or was not started by `worker join`. */
const RETURN_TIMEOUT_MS = 15_000;

export type Renewed = { hostId: string; isRunning: boolean; unsentResultCount: number };

/** `timeoutMs`: for the end of the worker, which hands over what is begun. Throws MH-GEN-003 when no worker has joined from there, MH-GEN-004, MH-GEN-009. */
export async function renewWorker(directory: string, { timeoutMs }: { timeoutMs: number }): Promise<Renewed> {
  const before = await tell(directory);
  if (before === null) {
    const { unsentResultCount } = renewHost(directory);
    return { hostId: hostIdIn(directory), isRunning: false, unsentResultCount };
  }
  const hostId = await changed(directory, { before: before.hostId, timeoutMs });
  const isRunning = await isBack(directory, hostId);
  return { hostId, isRunning, unsentResultCount: before.units.unacknowledged };
}

/** The status of the worker that was told; null when none runs. */
async function tell(directory: string): Promise<WorkerStatus | null> {
  try {
    return await controlWorker(directory, 'new-host');
  } catch (error) {
    if (!isManyhandsError(error)) throw error;
    if (error.code === 'MH-GEN-003') return null;
    if (error.code !== 'MH-GEN-002') throw error;
    const message =
      'The worker that runs in this data folder is of an older version. Please end it (`manyhands worker leave`) and try again.';
    throw new ManyhandsError('MH-GEN-009', { message, cause: error });
  }
}

async function changed(directory: string, { before, timeoutMs }: { before: string; timeoutMs: number }) {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const hostId = hostIdIn(directory);
    if (hostId !== '' && hostId !== before) return hostId;
    if (performance.now() > deadlineMs)
      throw new ManyhandsError('MH-GEN-004', { message: `The worker in ${directory} was told to end but still runs.` });
    await sleep(POLL_MS);
  }
}

async function isBack(directory: string, hostId: string): Promise<boolean> {
  const deadlineMs = performance.now() + RETURN_TIMEOUT_MS;
  while (performance.now() < deadlineMs) {
    const status = await controlWorker(directory, 'status').catch(() => null);
    if (status?.hostId === hostId) return true;
    await sleep(POLL_MS);
  }
  return false;
}

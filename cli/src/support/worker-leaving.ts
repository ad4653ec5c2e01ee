// Tells the worker of a data folder to leave, waits for its end, and removes what it had when asked to.
import { setTimeout as sleep } from 'node:timers/promises';
import { isManyhandsError, ManyhandsError } from '@manyhands/contract';
import { accountLabelIn, controlWorker, purgeWorker, type WorkerEnd, type WorkerStatus } from '@manyhands/worker';

const POLL_MS = 100;

/** What is removed after the end. `keptAccount`: the account whose key stays; null where there is none, or it goes too. */
export type Purge = { keptAccount: string | null; isAccountRemoved: boolean };

type PurgeWords = { purge?: boolean; account?: string; yes?: boolean };

/** Asks before anything is told or removed. null: nothing is to be removed. Throws MH-GEN-009 without a yes. */
export async function agreeToPurge(directory: string, words: PurgeWords): Promise<Purge | null> {
  if (words.purge !== true) {
    if (words.account === undefined) return null;
    throw new ManyhandsError('MH-GEN-009', { message: '--account goes with --purge: it names the key to remove.' });
  }
  const label = accountLabelIn(directory);
  if (words.account !== undefined && words.account !== label)
    throw new ManyhandsError('MH-GEN-009', {
      message:
        label === null
          ? `${directory} holds no account's key. Nothing was removed.`
          : `The account in ${directory} is "${label}", not "${words.account}". Nothing was removed.`,
    });
  const isAccountRemoved = words.account !== undefined;
  const { confirm } = await import('./accounts.js');
  if (words.yes !== true && !(await confirm(questionOf(directory, { label, isAccountRemoved }))))
    throw new ManyhandsError('MH-GEN-009', { message: 'Nothing was removed. Add --yes to do it without being asked.' });
  return { keptAccount: isAccountRemoved ? null : label, isAccountRemoved };
}

function questionOf(directory: string, account: { label: string | null; isAccountRemoved: boolean }): string {
  const what = `Remove the worker's key, journal, inputs and results from ${directory}?`;
  if (account.isAccountRemoved)
    return `${what} The key of the account "${account.label}" goes too: nobody can use that account afterwards.`;
  return account.label === null
    ? `${what} What it earned without an account stays with its old name.`
    : `${what} The key of the account "${account.label}" stays.`;
}

/** "Left. 2 results handed over, 1 unit given back." `before`: the last status before leaving. */
export function endSentence(
  { reason }: Pick<WorkerEnd, 'reason'>,
  { before, after }: { before: WorkerStatus; after: WorkerStatus },
): string {
  const spoken = ({ totals }: WorkerStatus): number => totals.recorded + totals.settled + totals.refused;
  const done = ({ totals }: WorkerStatus): number => totals.computed + totals.failed;
  const handedOver = Math.max(0, spoken(after) - spoken(before));
  const givenBack = Math.max(0, before.units.held - Math.max(0, done(after) - done(before)) - after.units.held);
  const counts = [
    ...(handedOver > 0 ? [`${handedOver} ${handedOver === 1 ? 'result' : 'results'} handed over`] : []),
    ...(givenBack > 0 ? [`${givenBack} ${givenBack === 1 ? 'unit' : 'units'} given back`] : []),
    ...(after.units.unacknowledged > 0 ? [`${after.units.unacknowledged} to send at the next start`] : []),
  ];
  const end = reason === 'left as you asked' ? 'Left' : `Ended: ${reason}`;
  return counts.length > 0 ? `${end}. ${counts.join(', ')}.` : `${end}.`;
}

/** Throws MH-GEN-003 when no worker runs there and nothing is to be removed, MH-GEN-004 when it does not end. */
export async function leave(
  directory: string,
  { purge, timeoutMs }: { purge: Purge | null; timeoutMs: number },
): Promise<{ wasRunning: boolean }> {
  const wasRunning = await isTold(directory, purge !== null);
  const deadlineMs = performance.now() + timeoutMs;
  while (wasRunning && (await isRunning(directory))) {
    if (performance.now() > deadlineMs)
      throw new ManyhandsError('MH-GEN-004', {
        message: `The worker in ${directory} was told to leave but still runs.`,
      });
    await sleep(POLL_MS);
  }
  if (purge) await removeAll(directory, { purge, deadlineMs });
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
async function removeAll(
  directory: string,
  { purge, deadlineMs }: { purge: Purge; deadlineMs: number },
): Promise<void> {
  for (;;) {
    try {
      purgeWorker(directory, purge);
      return;
    } catch (error) {
      const isBusy = isManyhandsError(error) && error.code === 'MH-GEN-008';
      if (!isBusy || performance.now() > deadlineMs) throw error;
    }
    await sleep(POLL_MS);
  }
}

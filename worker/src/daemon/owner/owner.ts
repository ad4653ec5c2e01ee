// What the owner of a machine may do with a worker from another process: ask, pause, resume, leave, remove.
import { existsSync } from 'node:fs';
import { hostIdOf, keyPairOfSeed } from '@manyhands/contract';
import { accountLabelIn as labelIn } from '../../config/account.js';
import { keySeedIn, layoutOf, lockFolder, makeFolder, removeFolder } from '../../config/data-folder.js';
import { journalFileIn } from '../../journal/database.js';
import { controlPathsOf } from '../../local-control/address.js';
import { askWorker } from '../../local-control/client.js';
import type { ControlCommand } from '../../local-control/messages.js';
import { type WorkerStatus, workerStatusSchema } from '../status.js';
import { readIdentity, type WorkerIdentity } from './identity.js';

/** Sends a command to the worker that runs in a data folder; gives its status after it. Throws MH-GEN-003 when none runs there. */
export async function controlWorker(dataDirectory: string, command: ControlCommand): Promise<WorkerStatus> {
  return workerStatusSchema.parse(await askWorker(controlPathsOf(dataDirectory), command));
}

/** The name of the account whose key lies in a data folder; null when there is none. Throws MH-GEN-013 when it is damaged. */
export function accountLabelIn(dataDirectory: string): string | null {
  return labelIn(layoutOf(dataDirectory));
}

/** The identifier of the host whose key lies in a data folder; empty for the moment in which a new key is made. Throws MH-GEN-013. */
export function hostIdIn(dataDirectory: string): string {
  const { hostKey } = layoutOf(dataDirectory);
  return existsSync(hostKey) ? hostIdOf(keyPairOfSeed(keySeedIn(hostKey)).publicKey) : '';
}

/** Who a worker was when it was last connected; null when it never was, or the folder is of an older version. */
export function identityIn(dataDirectory: string): WorkerIdentity | null {
  const file = journalFileIn(dataDirectory);
  return existsSync(file) ? readIdentity(file) : null;
}

/**
 * Removes keys, journal, blocks and results of a worker that has ended. The account's key stays unless it is to go too: nobody can make it
 * again. Throws MH-GEN-008 while a worker runs.
 */
export function purgeWorker(dataDirectory: string, options: { isAccountRemoved: boolean }): void {
  if (!existsSync(dataDirectory)) return;
  const lock = lockFolder(makeFolder(dataDirectory));
  lock.release();
  removeFolder(dataDirectory, options);
}

// A data folder that was copied becomes a host of its own: new keys, the same account. What the old host held stays with whoever has its key.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { ManyhandsError } from '@manyhands/contract';
import { keySeedIn, layoutOf, lockFolder } from '../../config/data-folder.js';
import { journalFileIn } from '../../journal/database.js';
import { forgetHost } from './identity.js';

/** How many results were computed here and are not known to have reached the coordinator. */
export type Renewal = { unsentResultCount: number };

/**
 * Makes new keys of host and overlay, and forgets the leases of the old host with what was computed for them: they are not this host's any more,
 * the other copy has them too or they run out. The old key stays until the coordinator has bound the new host to its account.
 * Throws MH-GEN-003 when no worker has joined from here, MH-GEN-008 while one runs.
 */
export function renewHost(dataDirectory: string): Renewal {
  const folder = layoutOf(dataDirectory);
  if (!existsSync(folder.hostKey))
    throw new ManyhandsError('MH-GEN-003', {
      message: `No worker has joined from ${dataDirectory}. Name its folder with --data.`,
      meta: { path: dataDirectory },
    });
  const lock = lockFolder(folder);
  try {
    const unsentResultCount = forgetHost(journalFileIn(dataDirectory));
    // Renewed twice before it connected: the coordinator knows the first.
    if (!existsSync(folder.predecessorKey)) renameSync(folder.hostKey, folder.predecessorKey);
    rmSync(folder.hostKey, { force: true });
    rmSync(folder.overlayKey, { force: true });
    keySeedIn(folder.hostKey);
    return { unsentResultCount };
  } finally {
    lock.release();
  }
}

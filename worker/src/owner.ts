// What the owner of a machine may do with a worker from another process: ask, pause, resume, leave, remove.
import { existsSync } from 'node:fs';
import { lockFolder, makeFolder, removeFolder } from './config/data-folder.js';
import { controlPathsOf } from './local-control/address.js';
import { askWorker } from './local-control/client.js';
import type { ControlCommand } from './local-control/messages.js';
import { type WorkerStatus, workerStatusSchema } from './status.js';

/** Sends a command to the worker that runs in a data folder; gives its status after it. Throws MH-GEN-003 when none runs there. */
export async function controlWorker(dataDirectory: string, command: ControlCommand): Promise<WorkerStatus> {
  return workerStatusSchema.parse(await askWorker(controlPathsOf(dataDirectory), command));
}

/** Removes keys, journal, blocks and results of a worker that has ended. Throws MH-GEN-008 while one runs. */
export function purgeWorker(dataDirectory: string): void {
  if (!existsSync(dataDirectory)) return;
  const lock = lockFolder(makeFolder(dataDirectory));
  lock.release();
  removeFolder(dataDirectory);
}

// What a worker stands on: its options, its locked folder, its journal, its identity and its pinned coordinator.
import { type CoordinatorId, type HostId, hostIdOf, type KeyPair, keyPairOfSeed } from '@manyhands/contract';
import { createBoundedLog } from '@manyhands/foundation/log';
import { shareDisk } from '@manyhands/worker-core';
import { type Logger, pino } from 'pino';
import { type DataFolder, keySeedIn, lockFolder, makeFolder } from '../config/data-folder.js';
import type { ResolvedOptions } from '../config/options.js';
import { CoordinatorApi } from '../control/coordinator-api.js';
import { type WayOut, wayOut } from '../control/way-out.js';
import { Journal } from '../journal/journal.js';
import type { Closers } from './closers.js';
import { pinCoordinator } from './owner/join.js';

const STANDARD_ERROR = 2;

type Host = { coordinatorId: CoordinatorId; hostId: HostId; keyPair: KeyPair };
export type OpenedWorker = {
  options: ResolvedOptions;
  folder: DataFolder;
  journal: Journal;
  host: Host;
  /** What all connections of the worker take. */
  wayOut: WayOut;
  api: CoordinatorApi;
  log: Logger;
};

/** Throws MH-GEN-005, MH-GEN-007, MH-GEN-008, MH-GEN-009 (no such address here), MH-GEN-013, MH-WIR-002. */
export async function openWorker(options: ResolvedOptions, closers: Closers): Promise<OpenedWorker> {
  const out = await wayOut(options.localAddress, options.coordinatorUrl);
  closers.add(() => out.close());
  const folder = makeFolder(options.dataDirectory);
  const lock = lockFolder(folder);
  closers.add(() => lock.release());
  const journal = Journal.open({
    directory: folder.directory,
    snapshotsMaximumBytes: shareDisk(options.diskBytes).snapshotsBytes,
  });
  closers.add(() => journal.close());
  const coordinatorId = await pinCoordinator(options, { journal, wayOut: out });
  const keyPair = keyPairOfSeed(keySeedIn(folder.hostKey));
  const host = { coordinatorId, hostId: hostIdOf(keyPair.publicKey), keyPair };
  const api = new CoordinatorApi({ coordinatorUrl: options.coordinatorUrl, coordinatorId }, { keyPair, wayOut: out });
  const log = createBoundedLog(
    { level: options.logLevel, base: null },
    { destination: pino.destination(STANDARD_ERROR) },
  );
  closers.add(() => log.flush());
  for (const what of options.lowered) log.warn(`lowered ${what}: this computer, or the container, has no more`);
  return { options, folder, journal, host, wayOut: out, api, log };
}

// Joins the adapters: data plane, executor and overlay presence around the daemon that drives them.
import { type Cid, ManyhandsError, type OverlayNode } from '@manyhands/contract';
import { listenHostsOf } from '@manyhands/overlay-node';
import { findWall, type WallReport } from '@manyhands/sandbox';
import { shareDisk } from '@manyhands/worker-core';
import { keySeedIn } from '../config/data-folder.js';
import type { ResolvedOptions } from '../config/options.js';
import { DataPlane, listenHostsFor } from '../data-plane/data-plane.js';
import { UnitSource } from '../data-plane/unit-source.js';
import { createExecutor, type Executor } from '../executor/daemon/executor.js';
import { HandOvers } from '../hand-over/hand-overs.js';
import { isOnBattery } from '../policy-sensors/battery.js';
import { isDiskShort } from '../policy-sensors/disk.js';
import { watchSensors } from '../policy-sensors/sensors.js';
import type { Closers } from './closers.js';
import type { Daemon } from './daemon.js';
import type { OpenedWorker } from './opened-worker.js';
import { OverlayPresence } from './overlay-presence.js';
import { UnitRunner } from './units/unit-runner.js';

const BATTERY_INTERVAL_MS = 30_000;
const DISK_INTERVAL_MS = 5000;

export type Adapters = {
  dataPlane: DataPlane;
  executor: Executor;
  /** What programs run behind. */
  wall: WallReport;
  presence: OverlayPresence;
  runner: UnitRunner;
};

/** Starts what the daemon commands. Throws MH-GEN-006, MH-GEN-007, MH-SBX-001. */
export async function startAdapters(opened: OpenedWorker, daemon: Daemon, closers: Closers): Promise<Adapters> {
  const { options, host, journal } = opened;
  const wall = await findWall({ policy: options.sandbox });
  const dataPlane = await startDataPlane(opened, daemon);
  closers.add(() => dataPlane.stop());
  const { cpus: threadCount, memoryBytes, nice } = options;
  const executor = createExecutor({ threadCount, memoryBytes, nice, wall });
  closers.add(() => executor.stop());
  const source = new UnitSource(
    { coordinatorId: host.coordinatorId },
    { records: opened.api, store: dataPlane.store, fetcher: () => dataPlane.fetcher() },
  );
  const handOvers = new HandOvers(host, {
    ...{ station: opened.api, snapshots: journal.snapshots, sealed: journal.sealed },
    onProgress: () => daemon.dispatch({ on: 'hand-over-moved' }),
  });
  const runner = new UnitRunner(
    { snapshotIntervalMs: options.snapshotIntervalMs },
    { source, executor, journal, handOvers, dispatch: (event) => daemon.dispatch(event) },
  );
  closers.add(() => runner.stopAll());
  const presence = new OverlayPresence(
    { coordinatorId: host.coordinatorId },
    {
      keyPair: host.keyPair,
      node: () => dataPlane.node(),
      swarms: () => dataPlane.swarms(),
      stats: () => dataPlane.stats(),
      request: (request) => daemon.control.request(request),
    },
  );
  closers.add(() => presence.goOffline());
  return { dataPlane, executor, wall: wall.report, presence, runner };
}

function startDataPlane({ options, folder, wayOut }: OpenedWorker, daemon: Daemon): Promise<DataPlane> {
  return DataPlane.start(
    {
      blocksDirectory: folder.blocks,
      quotaBytes: shareDisk(options.diskBytes).blocksBytes,
      overlayKeySeed: options.isP2p ? keySeedIn(folder.overlayKey) : null,
      listenHosts: listenHostsIn(options),
      listenPort: options.overlayListenPort,
      localAddress: options.localAddress,
    },
    { findPeers: (swarm) => findPeers(daemon, swarm), fetch: wayOut.fetch },
  );
}

/** Where the volunteer says; else where connections come from, if that was chosen: others find the host at the address that the coordinator sees. */
function listenHostsIn({ overlayListenHost, localAddress, coordinatorUrl }: ResolvedOptions): string[] {
  if (overlayListenHost !== null) return listenHostsOf(overlayListenHost);
  return localAddress === null ? listenHostsFor(coordinatorUrl) : [localAddress];
}

async function findPeers(daemon: Daemon, swarm: Cid): Promise<OverlayNode[]> {
  const reply = await daemon.control.request({ t: 'overlay.find', swarm });
  if (reply.t === 'overlay.peers') return reply.peers;
  throw new ManyhandsError('MH-WIR-001', { message: 'The coordinator answered something else.' });
}

/** Watches battery and disk for the volunteer's policy. */
export function watchMachine({ options, folder, journal }: OpenedWorker, daemon: Daemon): () => void {
  const bundlesMaximumBytes = shareDisk(options.diskBytes).bundlesBytes;
  return watchSensors(
    [
      { reason: 'battery', intervalMs: BATTERY_INTERVAL_MS, read: () => isOnBattery() },
      {
        reason: 'disk',
        intervalMs: DISK_INTERVAL_MS,
        read: () =>
          isDiskShort({ directory: folder.directory, bundleBytes: journal.bundleBytes(), bundlesMaximumBytes }),
      },
    ],
    (reason, isActive) => daemon.dispatch({ on: 'sensed', reason, isActive }),
  );
}

// Tells connected hosts what commits mean for them: work to be had, leases ended, bundles not needed any longer.
import type { LeaseId } from '@manyhands/contract';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Connections, type HostConnection } from '../connections/connections.js';
import { LeasesService } from '../leases/leases.service.js';
import type { Aftermath } from '../ports/aftermath.js';
import { BATCH_DIRECTORY, type BatchDirectory } from '../ports/batch-directory.js';
import { CoreEvents } from '../ports/core-events.js';
import { CoreStore } from '../ports/core-store.js';

/** Hosts told of work after one commit; the others ask again by themselves. */
const TOLD_OF_WORK_MAXIMUM = 256;
const RELEASED_PER_MESSAGE = 1000;

@Injectable()
export class NotifierService implements OnModuleDestroy {
  private readonly stops: (() => void)[];

  constructor(
    private readonly store: CoreStore,
    private readonly connections: Connections,
    events: CoreEvents,
    leases: LeasesService,
    @Inject(BATCH_DIRECTORY) directory: BatchDirectory,
  ) {
    this.stops = [
      events.onCommit((aftermath) => this.tell(aftermath)),
      leases.onExpiry(({ leaseId, hostRowId }) =>
        this.connections.get(hostRowId)?.push({ t: 'lease.cancel', leaseId, code: 'MH-LSE-001' }),
      ),
      directory.onChange(() => this.tellOfWork()),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.stops) stop();
  }

  private tell({ reopened, cancelled, released, roomier }: Aftermath): void {
    for (const { leaseRowId, code } of cancelled) {
      const lease = this.store.leases.byRowId(leaseRowId);
      if (lease) this.connections.get(lease.hostRowId)?.push({ t: 'lease.cancel', leaseId: lease.leaseId, code });
    }
    if (released.length > 0) this.release(released);
    for (const hostRowId of roomier) {
      const connection = this.connections.get(hostRowId);
      if (connection?.isWaitingForRoom) this.tellOne(connection);
    }
    if (reopened.size > 0) this.tellOfWork();
  }

  private release(released: Aftermath['released']): void {
    const byLease = new Map<number, { leaseId: LeaseId; hostRowId: number; indexes: number[] }>();
    for (const { hostRowId, leaseRowId, index } of released) {
      if (!this.connections.get(hostRowId)) continue; // it asks with `custody` when it comes back
      const group = byLease.get(leaseRowId);
      const leaseId = group ? undefined : this.store.leases.byRowId(leaseRowId)?.leaseId;
      if (group) group.indexes.push(index);
      else if (leaseId) byLease.set(leaseRowId, { leaseId, hostRowId, indexes: [index] });
    }
    for (const { leaseId, hostRowId, indexes } of byLease.values())
      for (let at = 0; at < indexes.length; at += RELEASED_PER_MESSAGE)
        this.connections
          .get(hostRowId)
          ?.push({ t: 'bundle.released', leaseId, indexes: indexes.slice(at, at + RELEASED_PER_MESSAGE) });
  }

  private tellOfWork(): void {
    let told = 0;
    for (const connection of this.connections.all()) {
      if (this.tellOne(connection) && ++told >= TOLD_OF_WORK_MAXIMUM) return;
    }
  }

  /** Returns whether it was told: only those that wait are. */
  private tellOne(connection: HostConnection | undefined): boolean {
    if (!connection?.isWaitingForWork) return false;
    connection.isWaitingForWork = false;
    connection.isWaitingForRoom = false;
    connection.push({ t: 'work' });
    return true;
  }
}

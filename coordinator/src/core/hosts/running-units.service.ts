// Which units are computed at this moment, as far as anybody says so: hosts tell which of their units they compute; what older ones have leased counts as
// before, as long as they are connected.
import type { LeaseId, MessageOf, UnitCounts } from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import type { LeaseScope } from '../../storage/sqlite/leases.js';
import { batchOfUnit, unitIdOf } from '../../storage/sqlite/units.js';
import { Connections } from '../connections/connections.js';
import { indexesOf, isInRanges } from '../domain/ranges.js';
import { CoreStore } from '../ports/core-store.js';

type Told = NonNullable<MessageOf<'state'>['computing']>;

@Injectable()
export class RunningUnits {
  /** By host that says what it computes. */
  private readonly byHost = new Map<number, readonly number[]>();
  /** How many hosts compute each unit, by batch. */
  private readonly byBatch = new Map<number, Map<number, number>>();

  constructor(
    private readonly store: CoreStore,
    private readonly connections: Connections,
  ) {}

  /** The host computes these now, and no others. */
  tell(hostRowId: number, computing: Told): void {
    this.forget(hostRowId);
    const unitIds = computing.flatMap(([leaseId, ranges]) => this.unitsOf(hostRowId, leaseId, ranges));
    this.byHost.set(hostRowId, unitIds);
    for (const unitId of unitIds) this.count(unitId, 1);
  }

  /** The host is gone, or will say anew what it computes. */
  forget(hostRowId: number): void {
    for (const unitId of this.byHost.get(hostRowId) ?? []) this.count(unitId, -1);
    this.byHost.delete(hostRowId);
  }

  /** Counts in which only those run that somebody computes; the others that are leased wait on their hosts. */
  shown(counts: UnitCounts, scope: LeaseScope): UnitCounts {
    if (counts.running === 0) return counts;
    const running = Math.min(counts.running, this.told(scope) + this.leasedByOlder(scope));
    return { ...counts, running, waiting: counts.waiting + counts.running - running };
  }

  private unitsOf(hostRowId: number, leaseId: LeaseId, ranges: Told[number][1]): number[] {
    const lease = this.store.leases.byLeaseId(leaseId);
    if (!lease || lease.hostRowId !== hostRowId || lease.openUnits === 0) return [];
    return [...indexesOf(ranges)]
      .filter((index) => isInRanges(lease.ranges, index))
      .map((index) => unitIdOf(lease.batchRowId, index));
  }

  private count(unitId: number, by: 1 | -1): void {
    const batchRowId = batchOfUnit(unitId);
    const units = this.byBatch.get(batchRowId) ?? new Map<number, number>();
    const hosts = (units.get(unitId) ?? 0) + by;
    if (hosts > 0) units.set(unitId, hosts);
    else units.delete(unitId);
    if (units.size > 0) this.byBatch.set(batchRowId, units);
    else this.byBatch.delete(batchRowId);
  }

  /** How many units the computers of each account compute; accounts with none are left out. */
  byAccount(scope: LeaseScope): ReadonlyMap<number, number> {
    const leased = new Map(this.store.leases.openUnitsByHost(scope).map(({ hostRowId, units }) => [hostRowId, units]));
    const sums = new Map<number, number>();
    for (const { hostRowId, accountRowId } of this.connections.all()) {
      const told = this.byHost.get(hostRowId)?.filter((unitId) => this.isWithin(batchOfUnit(unitId), scope));
      const units = Math.min(leased.get(hostRowId) ?? 0, told?.length ?? Number.POSITIVE_INFINITY);
      if (units > 0) sums.set(accountRowId, (sums.get(accountRowId) ?? 0) + units);
    }
    return sums;
  }

  private told(scope: LeaseScope): number {
    if (scope && 'batchRowId' in scope) return this.byBatch.get(scope.batchRowId)?.size ?? 0;
    let sum = 0;
    for (const [batchRowId, { size }] of this.byBatch) if (this.isWithin(batchRowId, scope)) sum += size;
    return sum;
  }

  /** What connected hosts have leased that do not say what they compute. */
  private leasedByOlder(scope: LeaseScope): number {
    const older = new Set<number>();
    for (const { hostRowId } of this.connections.all()) if (!this.byHost.has(hostRowId)) older.add(hostRowId);
    if (older.size === 0) return 0;
    const leases = this.store.leases.openUnitsByHost(scope);
    return leases.reduce((sum, { hostRowId, units }) => sum + (older.has(hostRowId) ? units : 0), 0);
  }

  private isWithin(batchRowId: number, scope: LeaseScope): boolean {
    if (scope === null) return true;
    if ('batchRowId' in scope) return batchRowId === scope.batchRowId;
    return this.store.units.batch(batchRowId)?.project_row_id === scope.projectRowId;
  }
}

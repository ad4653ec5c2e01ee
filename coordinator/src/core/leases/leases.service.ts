// Leases: asking, renewing, giving back, expiring. Times are durations on the wire and deadlines here; an outage of the coordinator extends them.
import { type Cid, type ErrorCode, errorEntry, isErrorCode, type MessageOf } from '@manyhands/contract';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { LeaseRow } from '../../storage/sqlite/leases.js';
import { indexOfUnit, unitIdOf } from '../../storage/sqlite/units.js';
import { isInRanges, type UnitRange } from '../domain/ranges.js';
import { LastingBytes } from '../lasting/lasting-bytes.js';
import { type ActiveBatch, BATCH_DIRECTORY, type BatchDirectory } from '../ports/batch-directory.js';
import { CoreStore } from '../ports/core-store.js';
import { DISK_PORT, type DiskPort } from '../ports/disk.js';
import { CORE_OPTIONS, type CoreOptions } from '../ports/options.js';
import type { UnitChanges } from '../units/unit-changes.js';
import { UnitWriter } from '../units/unit-writer.js';
import { isToBeHeld } from './domain/lapses.js';
import { LEASE_ID_RANDOM_BYTES, leaseIdAt } from './domain/lease-id.js';
import { RandomBytes } from './random-bytes.js';
import { type RenewalAnswer, Renewals, type Renewer } from './renewals.js';
import { type FoundWork, WorkFinder, type WorkSeeker } from './work-finder.js';

const SWEEP_INTERVAL_MS = 1000;
const HEARTBEAT_INTERVAL_MS = 5000;
/** Heartbeats further apart: the machine slept, or was too busy to take renewals. */
const AWAY_MS = 3 * HEARTBEAT_INTERVAL_MS;
/** Leases that expire in one transaction; more wait for the next sweep. */
const EXPIRED_PER_SWEEP = 64;
/** Overlong leases that are found in one transaction. */
const OVERLONG_PER_BEAT = 64;
const WAIT_FOR_WORK_MS = 20_000;
const WAIT_FOR_DISK_MS = 60_000;
/** What a lease leaves behind: its row, and those of its units' replicas. */
const LEASE_BYTES = 512;

type Later = Omit<MessageOf<'lease.later'>, 't' | 'id'>;
export type LeaseAnswer = { leases: MessageOf<'lease.grant'>['leases'] } | { later: Later };
export type LeaseHolder = { readonly hostRowId: number };

@Injectable()
export class LeasesService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly finder: WorkFinder;
  private readonly renewals: Renewals;
  private readonly expiryListeners = new Set<(lease: LeaseRow) => void>();
  private batches: readonly ActiveBatch[] | undefined;
  private timers: NodeJS.Timeout[] = [];
  private stopWatching = (): void => {};

  constructor(
    private readonly store: CoreStore,
    private readonly writer: UnitWriter,
    private readonly lasting: LastingBytes,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
    @Inject(BATCH_DIRECTORY) private readonly directory: BatchDirectory,
    @Inject(DISK_PORT) private readonly disk: DiskPort,
  ) {
    const random = new RandomBytes();
    const newLeaseId = () => leaseIdAt(options.nowMs(), random.take(LEASE_ID_RANDOM_BYTES));
    this.finder = new WorkFinder({ leaseMinimumMs: options.leaseMinimumMs, newLeaseId }, store);
    this.renewals = new Renewals(store, options, () => this.activeBatches());
    this.stopWatching = directory.onChange(() => {
      this.batches = undefined;
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.recover();
    const every = (intervalMs: number, work: () => Promise<void>): void => {
      const timer = setInterval(() => void work().catch(() => {}), intervalMs); // a failed commit is tried again at the next tick
      timer.unref();
      this.timers.push(timer);
    };
    every(SWEEP_INTERVAL_MS, () => this.sweep());
    every(HEARTBEAT_INTERVAL_MS, () => this.beat());
  }

  onModuleDestroy(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.timers = [];
    this.stopWatching();
  }

  /** Calls `listener` with each lease that ran out, after it is recorded. Returns the way to stop. */
  onExpiry(listener: (lease: LeaseRow) => void): () => void {
    this.expiryListeners.add(listener);
    return () => this.expiryListeners.delete(listener);
  }

  /** Extends all deadlines by the time that the coordinator was away. */
  async recover(): Promise<void> {
    const nowMs = this.options.nowMs();
    await this.store.database.write(() => {
      const lastMs = this.store.leases.heartbeatMs();
      if (lastMs !== undefined && nowMs > lastMs) this.store.leases.extendOpen(nowMs - lastMs);
      this.store.leases.setHeartbeat(nowMs);
    });
  }

  /** What is due each second; of the time in which this process stood still nothing is. */
  async sweep(): Promise<void> {
    if (this.isBehind()) await this.recover();
    await this.expireOverdue();
  }

  /** Gives out work, or says why not and when to ask again. */
  async request(seeker: Omit<WorkSeeker, 'standing'>): Promise<LeaseAnswer> {
    if (this.disk.isShort())
      return this.later('MH-LTR-005', { retryAfterMs: WAIT_FOR_DISK_MS, openUnitCount: this.openUnits(seeker) });
    const owedMs = this.lasting.waitMs(seeker);
    if (owedMs > 0) return this.later('MH-RCP-006', { retryAfterMs: owedMs, openUnitCount: this.openUnits(seeker) });
    await this.takeBackLost(seeker);
    const answer = await this.writer.change((changes): FoundWork | { waitMs: number } => {
      const standing = this.store.hosts.standing(seeker.hostRowId);
      const waitMs = standing.workNotBeforeMs - changes.context.nowMs;
      return waitMs > 0 ? { waitMs } : this.finder.find(changes, { ...seeker, standing }, this.activeBatches());
    });
    if ('leases' in answer) {
      this.lasting.charge(seeker, LEASE_BYTES * answer.leases.length);
      return { leases: answer.leases };
    }
    if ('waitMs' in answer)
      return this.later('MH-LTR-007', { retryAfterMs: answer.waitMs, openUnitCount: this.openUnits(seeker) });
    const { code, openUnitCount } = answer.refusal;
    return this.later(code, { retryAfterMs: WAIT_FOR_WORK_MS, openUnitCount });
  }

  /** Whether the host holds an open lease of units of this manifest. */
  isHeld({ hostRowId }: Pick<LeaseHolder, 'hostRowId'>, manifestCid: Cid): boolean {
    const batches = this.store.leases.openBatchesOfHost(hostRowId);
    return batches.some((batchRowId) => this.directory.terms(batchRowId)?.manifestCid === manifestCid);
  }

  /** Extends leases whose host has come further, within the time that their units can need. */
  renew(renewer: Renewer, message: Pick<MessageOf<'lease.renew'>, 'leaseIds' | 'progress'>): Promise<RenewalAnswer> {
    return this.renewals.renew(renewer, message);
  }

  /** Takes units back: unbegun (no code), or because the host could not run them. False when the lease is not the host's. */
  giveBack({ hostRowId }: LeaseHolder, message: MessageOf<'lease.return'>): Promise<boolean> {
    return this.writer.change((changes) => {
      const lease = this.store.leases.byLeaseId(message.leaseId);
      if (!lease || lease.hostRowId !== hostRowId) return false;
      const { code, ranges } = message;
      if (code?.startsWith('MH-CKP-'))
        this.refuseCheckpoints(changes, lease, { ranges, isGone: code === 'MH-CKP-006' });
      else if (code === 'MH-APP-004') this.decline(changes, lease, ranges);
      else this.endUnits(changes, lease, { ranges, hostFailure: code === null ? null : documentedHostFailure(code) });
      return true;
    });
  }

  /** The host leaves for now: what it runs is given back. */
  leave({ hostRowId }: LeaseHolder): Promise<void> {
    return this.takeBack(() => this.store.leases.openOfHost(hostRowId));
  }

  /** Leases that the host does not know of would keep their units from everybody until they run out. */
  private async takeBackLost({ hostRowId, request: { heldLeases } }: Omit<WorkSeeker, 'standing'>): Promise<void> {
    if (!heldLeases) return;
    const held = new Set(heldLeases);
    const lost = (): LeaseRow[] => this.store.leases.openOfHost(hostRowId).filter(({ leaseId }) => !held.has(leaseId));
    if (lost().length > 0) await this.takeBack(lost);
  }

  private takeBack(leases: () => readonly LeaseRow[]): Promise<void> {
    return this.writer.change((changes) => {
      for (const lease of leases()) this.endUnits(changes, lease, { ranges: lease.ranges, hostFailure: null });
    });
  }

  /** Ends leases whose time is over; their units are leased anew. */
  async expireOverdue(): Promise<void> {
    const nowMs = this.options.nowMs();
    if (this.store.leases.overdue(nowMs, 1).length === 0) return;
    const expired = await this.writer.change((changes) => {
      const leases = this.store.leases.overdue(nowMs, EXPIRED_PER_SWEEP);
      this.store.hosts.writeDelivered();
      for (const lease of leases)
        for (const unitId of this.runningUnits(lease, lease.ranges)) this.expire(changes, lease, unitId);
      return leases;
    });
    for (const lease of expired) for (const listener of this.expiryListeners) listener(lease);
  }

  /** What is held for twice as long as its work needs may be had by somebody else too. */
  async offerOverlong(): Promise<void> {
    const nowMs = this.options.nowMs();
    if (this.store.leases.overlong(nowMs, 1).length === 0) return;
    await this.writer.change((changes) => {
      for (const lease of this.store.leases.overlong(nowMs, OVERLONG_PER_BEAT)) {
        const { id, accountRowId: account } = lease;
        for (const unitId of this.runningUnits(lease, lease.ranges))
          changes.apply(unitId, { type: 'overdue', account });
        this.store.leases.noteOverlong(id);
      }
    });
  }

  /** Nobody's failure. What runs out again and again, on computers that are otherwise well, is held; what left a checkpoint behind has come further. */
  private expire(changes: UnitChanges, lease: LeaseRow, unitId: number): void {
    const { id, hostRowId: host, accountRowId: account } = lease;
    changes.apply(unitId, { type: 'expired', account });
    const { replicas } = changes.entry(unitId).state;
    if (replicas.find((replica) => replica.account === account)?.phase !== 'expired') return;
    this.store.lapses.add({ unitId, account, host, lease: id });
    if (isToBeHeld(this.store.lapses.ofUnit(unitId))) changes.apply(unitId, { type: 'held' });
  }

  /** The host cannot go on where its predecessor stopped. What it had begun by itself it merely gives back. */
  private refuseCheckpoints(
    changes: UnitChanges,
    lease: LeaseRow,
    { ranges, isGone }: { ranges: readonly UnitRange[]; isGone: boolean },
  ): void {
    const account = lease.accountRowId;
    for (const unitId of this.runningUnits(lease, ranges)) {
      const reply = changes.apply(unitId, { type: 'checkpoint-refused', account, isGone });
      if (reply.status === 'refused') changes.apply(unitId, { type: 'returned', account });
    }
  }

  /** The host does not keep the engine that the app version is pinned to: no fault of the units, however many such hosts there are. */
  private decline(changes: UnitChanges, lease: LeaseRow, ranges: readonly UnitRange[]): void {
    if (this.runningUnits(lease, ranges).length > 0) changes.noteDeclined(lease.hostRowId);
    this.endUnits(changes, lease, { ranges, hostFailure: null });
  }

  private endUnits(
    changes: UnitChanges,
    lease: LeaseRow,
    { ranges, hostFailure }: { ranges: readonly UnitRange[]; hostFailure: ErrorCode | null },
  ): void {
    const { accountRowId: account, hostRowId: host, network } = lease;
    for (const unitId of this.runningUnits(lease, ranges)) {
      if (hostFailure === null) {
        changes.apply(unitId, { type: 'returned', account });
        continue;
      }
      const message = errorEntry(hostFailure).doc;
      changes.describeFailure(unitId, account, { code: hostFailure, exitCode: null, message, stderrTail: '' });
      changes.apply(unitId, { type: 'host-failed', account, host, network });
    }
  }

  private runningUnits(
    { id, accountRowId, batchRowId, ranges: leased }: LeaseRow,
    ranges: readonly UnitRange[],
  ): number[] {
    return ranges.flatMap(([firstIndex, count]) => {
      const firstId = unitIdOf(batchRowId, firstIndex);
      const running = this.store.replicas.running(firstId, firstId + count - 1, { account: accountRowId, lease: id });
      return running.filter((unitId) => isInRanges(leased, indexOfUnit(unitId)));
    });
  }

  private isBehind(): boolean {
    const lastMs = this.store.leases.heartbeatMs();
    return lastMs !== undefined && this.options.nowMs() - lastMs > AWAY_MS;
  }

  private async beat(): Promise<void> {
    if (this.isBehind()) return this.recover();
    await this.store.database.write(() => {
      this.store.leases.setHeartbeat(this.options.nowMs());
      this.store.hosts.writeDelivered();
    });
    await this.offerOverlong();
  }

  private activeBatches(): readonly ActiveBatch[] {
    this.batches ??= this.directory.activeBatches();
    return this.batches;
  }

  private openUnits({ request }: Pick<WorkSeeker, 'request'>): number {
    const chosen = request.projectIds && new Set<string>(request.projectIds);
    let count = 0;
    for (const { projectId, batchRowId } of this.activeBatches()) {
      if (chosen && !chosen.has(projectId)) continue;
      const row = this.store.units.batch(batchRowId);
      if (row) count += row.unit_count - row.accepted - row.failed - row.held;
    }
    return count;
  }

  private later(
    code: ErrorCode,
    { retryAfterMs, openUnitCount }: { retryAfterMs: number; openUnitCount: number },
  ): LeaseAnswer {
    return { later: { code, message: errorEntry(code).doc, retryAfterMs, openUnitCount } };
  }
}

function documentedHostFailure(code: string): ErrorCode {
  return isErrorCode(code) && code.startsWith('MH-HOST-') ? code : 'MH-HOST-005';
}

// Custody of bundles that are not here yet: agreed units ask one custodian at a time, and the next when it does not deliver.
// When all of them stay away, or say that the bundle is gone, their statements are void and the units are computed anew.
import type { LeaseId, MessageOf } from '@manyhands/contract';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { REPLICA_PHASES } from '../../storage/sqlite/replicas.js';
import { indexOfUnit, PHASES, unitIdOf } from '../../storage/sqlite/units.js';
import { Connections } from '../connections/connections.js';
import { CoreEvents } from '../ports/core-events.js';
import { CoreStore } from '../ports/core-store.js';
import { CORE_OPTIONS, type CoreOptions } from '../ports/options.js';
import { UnitWriter } from '../units/unit-writer.js';
import { newSearch, nextAsk, type Search, withProgress } from './domain/custody.js';

const TICK_MS = 1000;
type BundleName = { leaseId: LeaseId; index: number };

@Injectable()
export class CustodyService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly searches = new Map<number, Search>();
  private timer: NodeJS.Timeout | undefined;
  private readonly stopListening: () => void;

  constructor(
    private readonly store: CoreStore,
    private readonly writer: UnitWriter,
    private readonly connections: Connections,
    events: CoreEvents,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
  ) {
    this.stopListening = events.onCommit(({ bundlesWanted }) => {
      for (const { unitId } of bundlesWanted) this.begin(unitId);
    });
  }

  /** Resumes the searches that a restart interrupted. */
  onApplicationBootstrap(): void {
    for (const unitId of this.store.units.agreedIds()) this.begin(unitId);
    this.timer = setInterval(() => void this.tick().catch(() => {}), TICK_MS); // a failed commit is tried again at the next tick
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.stopListening();
  }

  /** What a host is to do with the bundles that it keeps. */
  review(
    hostRowId: number,
    { kept, lost = [] }: Pick<MessageOf<'custody'>, 'kept' | 'lost'>,
  ): Omit<MessageOf<'custody.reply'>, 't' | 'id'> {
    const wanted: BundleName[] = [];
    const released: BundleName[] = [];
    const isLost = (name: BundleName): boolean =>
      lost.some(({ leaseId, index }) => leaseId === name.leaseId && index === name.index);
    for (const { leaseId, index } of kept) {
      const need = isLost({ leaseId, index }) ? 'released' : this.needOf(hostRowId, { leaseId, index });
      if (need === 'wanted') wanted.push({ leaseId, index });
      if (need === 'released') released.push({ leaseId, index });
    }
    return { wanted, released };
  }

  /** A part of the unit's bundle has come. */
  progressed(unitId: number): void {
    const search = this.searches.get(unitId);
    if (search) this.searches.set(unitId, withProgress(search, this.options.nowMs()));
  }

  /** The host does not have these bundles any more: what it said of them is void. */
  async giveUp(hostRowId: number, lost: readonly BundleName[]): Promise<void> {
    const voided = lost.flatMap(({ leaseId, index }) => {
      const lease = this.store.leases.byLeaseId(leaseId);
      if (!lease || this.needOf(hostRowId, { leaseId, index }) === 'released') return [];
      return [{ unitId: unitIdOf(lease.batchRowId, index), account: lease.accountRowId }];
    });
    await this.makeVoid(voided);
  }

  private async makeVoid(lost: readonly { unitId: number; account: number }[]): Promise<void> {
    if (lost.length === 0) return;
    await this.writer.change((changes) => {
      for (const { unitId, account } of lost) changes.apply(unitId, { type: 'bytes-lost', account });
    });
    for (const { unitId } of lost) this.searches.delete(unitId);
  }

  private needOf(hostRowId: number, { leaseId, index }: BundleName): 'wanted' | 'released' | 'kept' {
    const lease = this.store.leases.byLeaseId(leaseId);
    if (!lease || lease.hostRowId !== hostRowId) return 'released';
    const unitId = unitIdOf(lease.batchRowId, index);
    const [unit] = this.store.units.span(unitId, unitId);
    const phase = unit && PHASES[unit[1]];
    if (!phase || phase === 'accepted' || phase === 'failed') return 'released';
    const own = this.store.replicas.span(unitId, unitId).find(([, account]) => account === lease.accountRowId);
    if (own?.[3] !== lease.id) return 'released'; // taken over
    if (REPLICA_PHASES[own[4]] === 'expired') return 'kept'; // it came too late: the host may state it anew when it gets the unit again
    if (own[7] !== null || own[4] !== 1) return 'released'; // durable, or its statement is void
    if (phase !== 'agreed') return 'kept';
    this.begin(unitId);
    return this.searches.get(unitId)?.askedAccount === lease.accountRowId ? 'wanted' : 'kept';
  }

  private begin(unitId: number): void {
    if (!this.searches.has(unitId)) this.searches.set(unitId, newSearch(this.options.nowMs()));
    this.step(unitId);
  }

  /** Asks, waits or gives up on each bundle that is missing. */
  async tick(): Promise<void> {
    await this.makeVoid([...this.searches.keys()].flatMap((unitId) => this.step(unitId)));
  }

  /** Returns the custodians whose statements are void, when the search is over without a bundle. */
  private step(unitId: number): { unitId: number; account: number }[] {
    const search = this.searches.get(unitId);
    const [unit] = this.store.units.span(unitId, unitId);
    if (!search || !unit || PHASES[unit[1]] !== 'agreed') {
      this.searches.delete(unitId);
      return [];
    }
    const replicas = this.store.replicas.span(unitId, unitId);
    const canonical = replicas.find(([, account]) => account === unit[6]);
    const agreeing = replicas.filter(
      ([, , , , state, digest, , , , , fuel]) =>
        state === 1 && canonical?.[5] && digest === canonical[5] && fuel === canonical[10],
    );
    const custodians = agreeing.map(([, account, host, , , , bundleBytes]) => ({
      account,
      isOnline: this.connections.get(host) !== undefined,
      bundleBytes: bundleBytes ?? 0,
    }));
    const nowMs = this.options.nowMs();
    const {
      search: next,
      ask,
      isLost,
    } = nextAsk(search, { custodians, absenceMs: 4 * this.options.leaseMinimumMs }, nowMs);
    this.searches.set(unitId, next);
    const asked = ask === null ? undefined : agreeing.find(([, account]) => account === ask);
    if (asked) this.ask(unitId, asked);
    return isLost ? custodians.map(({ account }) => ({ unitId, account })) : [];
  }

  private ask(unitId: number, [, , host, lease, , digest]: ReturnType<CoreStore['replicas']['span']>[number]): void {
    const leaseId = this.store.leases.byRowId(lease)?.leaseId;
    if (leaseId && digest)
      this.connections.get(host)?.push({
        t: 'bundle.wanted',
        leaseId,
        index: indexOfUnit(unitId),
        digest: new Uint8Array(Buffer.from(digest, 'hex')),
      });
  }
}

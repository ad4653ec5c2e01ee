// Finds units that a host may lease and leases them, inside a transaction: fair share between projects, priority and cached inputs within one.
import type { CheckpointOffer, Lease, MessageOf } from '@manyhands/contract';
import type { HostStanding } from '../../storage/sqlite/hosts.js';
import { batchOfUnit, indexOfUnit, unitIdOf } from '../../storage/sqlite/units.js';
import { toRanges } from '../domain/ranges.js';
import type { ActiveBatch } from '../ports/batch-directory.js';
import type { CoreStore } from '../ports/core-store.js';
import { votingNetwork } from '../units/domain/kin.js';
import { type Pace, paceOf, samplesOf } from '../units/domain/pace.js';
import type { Party } from '../units/domain/unit-state.js';
import type { UnitChanges } from '../units/unit-changes.js';
import { type Taking, takeApart } from './apart-units.js';
import { candidatesFor, dropBatch, openUnitCountFor, openUnitsOf, suitingBatches } from './candidates.js';
import { EMPTY_SHARE, type FairShare, rank, serve, withProjects } from './domain/fair-share.js';
import { type Refusal, refuse } from './domain/matching.js';
import { inHandMaximum, leaseTimes, OPEN_LEASES_PER_HOST_MAXIMUM, unitsForLease } from './domain/sizing.js';

const LEASES_PER_GRANT_MAXIMUM = 16;

export type WorkSeeker = {
  readonly hostRowId: number;
  readonly accountRowId: number;
  /** The network that it comes from; 0: one in which computers are independent of each other. */
  readonly network: number;
  readonly request: MessageOf<'lease.request'>;
  /** Hosts connected now. */
  readonly hostCount: number;
  /** How many units it may have. */
  readonly standing: Pick<HostStanding, 'allowance' | 'agreedCount'>;
};
/** A seeker with what it has in hand. */
type Holder = WorkSeeker & { readonly load: { leases: number; units: number } };

/** Units that the host is not to get as long as there are others. */
type Sparing = { readonly avoided: ReadonlySet<number> };
const NOTHING_AVOIDED: Sparing = { avoided: new Set() };

export type FoundWork =
  | { readonly leases: Lease[] }
  | { readonly refusal: Refusal | { code: 'MH-LTR-006' | 'MH-LTR-008'; openUnitCount: number } };

type Options = { leaseMinimumMs: number; newLeaseId: () => Lease['leaseId'] };
/** What the host has open, and how much of that it got by this request. */
type Already = { seeker: WorkSeeker; openUnits: number; taken: number };
type Wish = { batch: ActiveBatch; units: number };

export class WorkFinder {
  private share: FairShare = EMPTY_SHARE;

  constructor(
    private readonly options: Options,
    private readonly store: CoreStore,
  ) {}

  /** Leases what suits the host, up to what it asked for. */
  find(changes: UnitChanges, seeker: WorkSeeker, batches: readonly ActiveBatch[]): FoundWork {
    this.share = withProjects(this.share, [...new Set(batches.map(({ projectRowId }) => projectRowId))]);
    const { hostRowId, request, standing } = seeker;
    const { allowance, agreedCount } = standing;
    const load = this.store.leases.loadOfHost(hostRowId);
    const inHand = inHandMaximum(agreedCount) - load.units;
    const allowed = allowance ? allowance.units - this.store.leases.unitsSince(hostRowId, allowance.sinceMs) : inHand;
    const room = Math.min(inHand, allowed);
    if (room <= 0) {
      const code = allowed < inHand ? 'MH-LTR-008' : 'MH-LTR-006';
      return { refusal: { code, openUnitCount: openUnitCountFor(changes, seeker, batches) } };
    }
    const maximumUnits = Math.min(room, request.maximumUnits);
    const holder = { ...seeker, load, request: { ...request, maximumUnits } };
    if (allowance) return this.findFew(changes, holder, batches);
    return this.search(changes, { ...holder, ...NOTHING_AVOIDED }, batches);
  }

  /** After a lease ran out: first what the host lost and may have begun, then others, last what ran out there again and again. */
  private findFew(changes: UnitChanges, seeker: Holder, batches: readonly ActiveBatch[]): FoundWork {
    const resumed = this.resume(changes, seeker, batches);
    if (resumed) return { leases: [resumed] };
    const avoided = new Set(this.store.lapses.often(seeker.hostRowId));
    const others = this.search(changes, { ...seeker, avoided }, batches);
    const isDone = 'leases' in others || avoided.size === 0;
    return isDone ? others : this.search(changes, { ...seeker, ...NOTHING_AVOIDED }, batches);
  }

  /** Of one batch: the host asks again at once if it may have more. */
  private resume(changes: UnitChanges, seeker: Holder, batches: readonly ActiveBatch[]): Lease | undefined {
    const { load, request, ...asking } = seeker;
    if (load.leases >= OPEN_LEASES_PER_HOST_MAXIMUM) return undefined;
    const byBatch = Map.groupBy(this.store.lapses.lost(partyOf(asking), request.maximumUnits), batchOfUnit);
    const batch = suitingBatches(changes, seeker, batches).find(({ batchRowId }) => byBatch.has(batchRowId));
    if (!batch) return undefined;
    const units = this.unitsOf(changes, batch, { seeker, openUnits: load.units, taken: 0 });
    const indexes = (byBatch.get(batch.batchRowId) ?? []).slice(0, units).map(indexOfUnit);
    if (indexes.length === 0) return undefined;
    indexes.sort((left, right) => left - right);
    return this.grant(changes, seeker, { batch, taking: { indexes, build: batch.firstBuild, lineage: null } });
  }

  private search(changes: UnitChanges, seeker: Holder & Sparing, batches: readonly ActiveBatch[]): FoundWork {
    const { load } = seeker;
    const { findings, candidates } = candidatesFor(changes, seeker, batches);
    const leases: Lease[] = [];
    let units = 0;
    const leasesMaximum = Math.min(LEASES_PER_GRANT_MAXIMUM, OPEN_LEASES_PER_HOST_MAXIMUM - load.leases);
    let isFull = leasesMaximum <= 0;
    while (candidates.size > 0 && leases.length < leasesMaximum && units < seeker.request.maximumUnits) {
      const wish = this.next(changes, candidates, { seeker, openUnits: load.units + units, taken: units });
      if (wish.units <= 0) {
        isFull = true;
        break;
      }
      const { batch } = wish;
      const takings = this.take(changes, seeker, { wish, leases: leasesMaximum - leases.length });
      for (const taking of takings) leases.push(this.grant(changes, seeker, { batch, taking }));
      const taken = takings.reduce((sum, { indexes }) => sum + indexes.length, 0);
      units += taken;
      if (taken > 0) this.charge(candidates, batch, taken);
      dropBatch(candidates, batch);
    }
    if (leases.length > 0) return { leases };
    const refusal = refuse(
      findings.map(({ batch, ...finding }) => ({
        ...finding,
        isWantedByOthers: this.store.units.isAnyWanted(batch.batchRowId),
      })),
    );
    return { refusal: isFull ? { ...refusal, code: 'MH-LTR-006' } : refusal };
  }

  private next(changes: UnitChanges, candidates: ReadonlyMap<number, readonly ActiveBatch[]>, already: Already): Wish {
    const wishes = new Map<number, Wish>();
    for (const [project, [batch]] of candidates)
      if (batch) wishes.set(project, { batch, units: this.unitsOf(changes, batch, already) });
    const costs = [...wishes].map(
      ([project, { batch, units }]) => [project, units * batch.expectedDurationMs] as const,
    );
    const [first = 0] = rank(this.share, new Map(costs));
    return wishes.get(first) as Wish;
  }

  private unitsOf(changes: UnitChanges, batch: ActiveBatch, { seeker, openUnits, taken }: Already): number {
    const { request, hostCount, standing } = seeker;
    const inHand = { inHandMaximum: inHandMaximum(standing.agreedCount), openUnits };
    const demand = { ...inHand, maximumUnits: request.maximumUnits - taken, availableMs: request.availableMs };
    const { unitMs } = paceIn(changes, batch);
    return unitsForLease(demand, { unitMs, wantedReplicas: openUnitsOf(changes, batch), hostCount });
  }

  /** Units that are leased apart come first: others have begun them. */
  private take(
    changes: UnitChanges,
    seeker: WorkSeeker & Sparing,
    { wish, leases }: { wish: Wish; leases: number },
  ): Taking[] {
    const { batch, units } = wish;
    const { avoided } = seeker;
    const party = votingParty(changes, seeker, batch);
    const takings = takeApart(this.store, changes, { batch, units, leases, party, avoided });
    const taken = takings.reduce((sum, { indexes }) => sum + indexes.length, 0);
    if (taken >= units || takings.length >= leases) return takings;
    const indexes = this.takeAlike(changes, { party, avoided }, { batch, units: units - taken });
    return indexes.length > 0 ? [...takings, { indexes, build: batch.firstBuild, lineage: null }] : takings;
  }

  private takeAlike(
    changes: UnitChanges,
    { party, avoided }: Sparing & { readonly party: Party },
    { batch, units }: Wish,
  ): number[] {
    const { hints } = changes.context;
    const { batchRowId } = batch;
    const row = changes.batch(batchRowId);
    const delta = changes.delta(batchRowId);
    const freshIndex = row.fresh_index + delta.freshIndex;
    const from = hints.firstIndex(batchRowId, party);
    const limit = units + avoided.size;
    const eligible = from < freshIndex ? this.store.units.eligible(batchRowId, from, { ...party, limit }) : [];
    const found = eligible.filter((id) => !avoided.has(id)).slice(0, units);
    const indexes = found.map((id) => id - unitIdOf(batchRowId, 0));
    const freshCount = Math.min(units - found.length, row.unit_count - freshIndex);
    for (let offset = 0; offset < freshCount; offset++) indexes.push(freshIndex + offset);
    if (avoided.size > 0) return indexes; // those that were passed by are eligible all the same
    const isExhausted = found.length < units;
    hints.raise(batchRowId, party, isExhausted ? freshIndex + freshCount : (indexes.at(-1) ?? from) + 1);
    return indexes;
  }

  private grant(
    changes: UnitChanges,
    seeker: WorkSeeker,
    { batch, taking }: { batch: ActiveBatch; taking: Taking },
  ): Lease {
    const { indexes, build, lineage } = taking;
    const { batchRowId, manifestCid, projectId, batchId, appVersionId } = batch;
    const load = { units: indexes.length, unitMs: paceIn(changes, batch).unitMs };
    const { durationMs, overdueMs } = leaseTimes(load, this.options.leaseMinimumMs);
    const ranges = toRanges(indexes);
    const leaseId = this.options.newLeaseId();
    const { hostRowId, accountRowId, network } = seeker;
    const grantedMs = changes.context.nowMs;
    const holder = { hostRowId, accountRowId, network };
    const times = { grantedMs, durationMs, overdueAtMs: grantedMs + overdueMs };
    const lease = { leaseId, ...holder, batchRowId, ...times, ranges, build };
    const leaseRowId = this.store.leases.add(lease, indexes.length);
    changes.story.leased({ batchRowId, accountRowId, hostRowId });
    if (lineage === null) this.writeReplicas(changes, seeker, { batchRowId, leaseRowId, ranges });
    else
      changes.apply(
        unitIdOf(batchRowId, indexes[0] as number),
        { type: 'leased', ...partyOf(seeker), lineage },
        { host: hostRowId, lease: leaseRowId },
      );
    const checkpoint = lineage === null ? null : this.offer(unitIdOf(batchRowId, indexes[0] as number), lineage);
    return { leaseId, durationMs, manifestCid, projectId, batchId, appVersionId, ranges, build, checkpoint };
  }

  private offer(unitId: number, lineage: number): CheckpointOffer {
    const offer = this.store.checkpoints.offer(unitId, lineage);
    if (!offer) throw new Error(`the checkpoint of unit ${unitId} has no key`);
    return offer as CheckpointOffer;
  }

  /** Units at work already and units never leased are written as ranges; the others go through the state machine one by one. */
  private writeReplicas(
    changes: UnitChanges,
    seeker: WorkSeeker,
    { batchRowId, leaseRowId, ranges }: { batchRowId: number; leaseRowId: number; ranges: [number, number][] },
  ): void {
    const row = changes.batch(batchRowId);
    const delta = changes.delta(batchRowId);
    const freshIndex = row.fresh_index + delta.freshIndex;
    const replica = { ...partyOf(seeker), lease: leaseRowId };
    for (const [firstIndex, count] of ranges) {
      const known = Math.max(0, Math.min(count, freshIndex - firstIndex));
      const fresh = count - known;
      if (known > 0) this.leaseKnown(changes, { batchRowId, firstIndex, count: known }, replica);
      if (fresh === 0) continue;
      const firstFresh = firstIndex + known;
      this.store.units.leaseFresh({ batchRowId, firstIndex: firstFresh, count: fresh, quorum: row.quorum });
      this.store.replicas.lease({ firstId: unitIdOf(batchRowId, firstFresh), count: fresh, ...replica });
      delta.freshIndex += fresh;
      delta.running += fresh;
      delta.leased += fresh;
    }
  }

  private leaseKnown(
    changes: UnitChanges,
    { batchRowId, firstIndex, count }: { batchRowId: number; firstIndex: number; count: number },
    replica: Party & { lease: number },
  ): void {
    const firstId = unitIdOf(batchRowId, firstIndex);
    const rows = this.store.units.span(firstId, firstId + count - 1);
    if (rows.every(([, , , openReplicas, , , , , flags]) => openReplicas > 0 && flags === 0)) {
      this.store.units.leaseRun(firstId, firstId + count - 1);
      this.store.replicas.lease({ firstId, count, ...replica });
      changes.delta(batchRowId).leased += count;
      return;
    }
    const { lease, ...party } = replica;
    changes.load(batchRowId, firstIndex, firstIndex + count - 1);
    for (let offset = 0; offset < count; offset++)
      changes.apply(firstId + offset, { type: 'leased', ...party }, { host: party.host, lease });
  }

  private charge(candidates: ReadonlyMap<number, readonly ActiveBatch[]>, batch: ActiveBatch, units: number): void {
    const costMs = units * batch.expectedDurationMs;
    this.share = serve(this.share, { project: batch.projectRowId, costMs, contenders: [...candidates.keys()] });
  }
}

function partyOf({ accountRowId, hostRowId, network }: Omit<WorkSeeker, 'request'>): Party {
  return { account: accountRowId, host: hostRowId, network };
}

/** As which party it would work on a batch: where one answer is enough, its network says nothing. */
function votingParty(changes: UnitChanges, seeker: WorkSeeker, { batchRowId }: ActiveBatch): Party {
  const party = partyOf(seeker);
  return { ...party, network: votingNetwork(party.network, changes.batch(batchRowId).quorum) };
}

function paceIn(changes: UnitChanges, { batchRowId, expectedDurationMs }: ActiveBatch): Pace {
  return paceOf(samplesOf(changes.batch(batchRowId).pace), expectedDurationMs);
}

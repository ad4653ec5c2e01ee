// Finds units that an account may lease and leases them, inside a transaction: fair share between projects, priority and cached inputs within one.
import type { CheckpointOffer, Lease, MessageOf } from '@manyhands/contract';
import type { ActiveBatch } from '../core-ports.js';
import { unitIdOf } from '../storage/sqlite/units.js';
import type { CoreStore } from '../units/core-store.js';
import { toRanges } from '../units/domain/ranges.js';
import type { UnitChanges } from '../units/unit-changes.js';
import { type Taking, takeApart } from './apart-units.js';
import { EMPTY_SHARE, type FairShare, rank, serve, withProjects } from './domain/fair-share.js';
import { type BatchFinding, type HostOffer, matchBatch, type Refusal, refuse } from './domain/matching.js';
import { leaseDurationMs, OPEN_LEASES_PER_HOST_MAXIMUM, unitsForLease } from './domain/sizing.js';

const LEASES_PER_GRANT_MAXIMUM = 16;

export type WorkSeeker = {
  readonly hostRowId: number;
  readonly accountRowId: number;
  readonly cores: number;
  readonly request: MessageOf<'lease.request'>;
  /** Hosts connected now. */
  readonly hostCount: number;
};

export type FoundWork =
  | { readonly leases: Lease[] }
  | { readonly refusal: Refusal | { code: 'MH-LTR-006'; openUnitCount: number } };

type Options = { leaseMinimumMs: number; newLeaseId: () => Lease['leaseId'] };
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
    const load = this.store.leases.loadOfHost(seeker.hostRowId);
    const offer = offerOf(seeker);
    const findings = new Map<ActiveBatch, BatchFinding>();
    const candidates = this.candidates(batches, offer, { changes, findings, seeker });
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
    const refusal = refuse(batches.map((batch) => this.finding(changes, batch, findings)));
    return { refusal: isFull ? { ...refusal, code: 'MH-LTR-006' } : refusal };
  }

  /** Suitable batches by project, the best of each project first. */
  private candidates(
    batches: readonly ActiveBatch[],
    offer: HostOffer,
    {
      changes,
      findings,
      seeker,
    }: { changes: UnitChanges; findings: Map<ActiveBatch, BatchFinding>; seeker: WorkSeeker },
  ): Map<number, ActiveBatch[]> {
    const cached = new Set<string>(seeker.request.cachedManifests);
    const candidates = new Map<number, ActiveBatch[]>();
    for (const batch of batches) {
      const match = matchBatch(batch, offer);
      const openUnits = openUnitsOf(changes, batch);
      findings.set(batch, { match, openUnits, isWantedByOthers: false });
      if (match !== 'suits' || openUnits === 0) continue;
      const others = candidates.get(batch.projectRowId);
      if (others) others.push(batch);
      else candidates.set(batch.projectRowId, [batch]);
    }
    for (const list of candidates.values()) list.sort((left, right) => compare(left, right, cached));
    return candidates;
  }

  private next(
    changes: UnitChanges,
    candidates: ReadonlyMap<number, readonly ActiveBatch[]>,
    { seeker, openUnits, taken }: { seeker: WorkSeeker; openUnits: number; taken: number },
  ): Wish {
    const wishes = new Map<number, Wish>();
    const { availableMs, maximumUnits } = seeker.request;
    for (const [project, [batch]] of candidates) {
      if (!batch) continue;
      const demand = { maximumUnits: maximumUnits - taken, cores: seeker.cores, openUnits, availableMs };
      const wantedReplicas = openUnitsOf(changes, batch);
      const supply = { expectedDurationMs: batch.expectedDurationMs, wantedReplicas, hostCount: seeker.hostCount };
      wishes.set(project, { batch, units: unitsForLease(demand, supply) });
    }
    const costs = [...wishes].map(
      ([project, { batch, units }]) => [project, units * batch.expectedDurationMs] as const,
    );
    const [first = 0] = rank(this.share, new Map(costs));
    return wishes.get(first) as Wish;
  }

  /** Units that are leased apart come first: others have begun them. */
  private take(changes: UnitChanges, seeker: WorkSeeker, { wish, leases }: { wish: Wish; leases: number }): Taking[] {
    const { batch, units } = wish;
    const takings = takeApart(this.store, changes, { batch, units, leases, account: seeker.accountRowId });
    const taken = takings.reduce((sum, { indexes }) => sum + indexes.length, 0);
    if (taken >= units || takings.length >= leases) return takings;
    const indexes = this.takeAlike(changes, seeker, { batch, units: units - taken });
    return indexes.length > 0 ? [...takings, { indexes, build: batch.firstBuild, lineage: null }] : takings;
  }

  private takeAlike(changes: UnitChanges, seeker: WorkSeeker, { batch, units }: Wish): number[] {
    const { hints } = changes.context;
    const account = seeker.accountRowId;
    const { batchRowId } = batch;
    const row = changes.batch(batchRowId);
    const delta = changes.delta(batchRowId);
    const freshIndex = row.fresh_index + delta.freshIndex;
    const from = hints.firstIndex(batchRowId, account);
    const found = from < freshIndex ? this.store.units.eligible(batchRowId, from, { account, limit: units }) : [];
    const indexes = found.map((id) => id - unitIdOf(batchRowId, 0));
    const freshCount = Math.min(units - found.length, row.unit_count - freshIndex);
    for (let offset = 0; offset < freshCount; offset++) indexes.push(freshIndex + offset);
    const isExhausted = found.length < units;
    hints.raise(batchRowId, account, isExhausted ? freshIndex + freshCount : (indexes.at(-1) ?? from) + 1);
    return indexes;
  }

  private grant(
    changes: UnitChanges,
    seeker: WorkSeeker,
    { batch, taking }: { batch: ActiveBatch; taking: Taking },
  ): Lease {
    const { indexes, build, lineage } = taking;
    const { batchRowId, manifestCid, projectId, batchId, appVersionId, expectedDurationMs } = batch;
    const load = { units: indexes.length, cores: seeker.cores, expectedDurationMs };
    const durationMs = leaseDurationMs(load, this.options.leaseMinimumMs);
    const ranges = toRanges(indexes);
    const leaseId = this.options.newLeaseId();
    const { hostRowId, accountRowId } = seeker;
    const grantedMs = changes.context.nowMs;
    const lease = { leaseId, hostRowId, accountRowId, batchRowId, grantedMs, durationMs, ranges, build };
    const leaseRowId = this.store.leases.add(lease, indexes.length);
    changes.story.leased({ batchRowId, accountRowId, hostRowId }, indexes.length);
    if (lineage === null) this.writeReplicas(changes, seeker, { batchRowId, leaseRowId, ranges });
    else
      changes.apply(
        unitIdOf(batchRowId, indexes[0] as number),
        { type: 'leased', account: accountRowId, lineage },
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
    { hostRowId, accountRowId }: WorkSeeker,
    { batchRowId, leaseRowId, ranges }: { batchRowId: number; leaseRowId: number; ranges: [number, number][] },
  ): void {
    const row = changes.batch(batchRowId);
    const delta = changes.delta(batchRowId);
    const freshIndex = row.fresh_index + delta.freshIndex;
    const replica = { account: accountRowId, host: hostRowId, lease: leaseRowId };
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
    replica: { account: number; host: number; lease: number },
  ): void {
    const firstId = unitIdOf(batchRowId, firstIndex);
    const rows = this.store.units.span(firstId, firstId + count - 1);
    if (rows.every(([, , , openReplicas, , , , , flags]) => openReplicas > 0 && flags === 0)) {
      this.store.units.leaseRun(firstId, firstId + count - 1);
      this.store.replicas.lease({ firstId, count, ...replica });
      changes.delta(batchRowId).leased += count;
      return;
    }
    const { account, host, lease } = replica;
    changes.load(batchRowId, firstIndex, firstIndex + count - 1);
    for (let offset = 0; offset < count; offset++)
      changes.apply(firstId + offset, { type: 'leased', account }, { host, lease });
  }

  private charge(candidates: ReadonlyMap<number, readonly ActiveBatch[]>, batch: ActiveBatch, units: number): void {
    const costMs = units * batch.expectedDurationMs;
    this.share = serve(this.share, { project: batch.projectRowId, costMs, contenders: [...candidates.keys()] });
  }

  private finding(
    changes: UnitChanges,
    batch: ActiveBatch,
    findings: ReadonlyMap<ActiveBatch, BatchFinding>,
  ): BatchFinding {
    const finding = findings.get(batch) ?? {
      match: 'suits',
      openUnits: openUnitsOf(changes, batch),
      isWantedByOthers: false,
    };
    return { ...finding, isWantedByOthers: this.store.units.isAnyWanted(batch.batchRowId) };
  }
}

function offerOf({ request }: WorkSeeker): HostOffer {
  const { memoryBytes, availableMs, projectIds } = request;
  return { memoryBytes, availableMs, projectIds: projectIds && new Set<string>(projectIds) };
}

function openUnitsOf(changes: UnitChanges, { batchRowId }: ActiveBatch): number {
  const { unit_count, accepted, failed, ended_code } = changes.batch(batchRowId);
  return ended_code === null ? unit_count - accepted - failed : 0;
}

function compare(left: ActiveBatch, right: ActiveBatch, cached: ReadonlySet<string>): number {
  const byCache = Number(cached.has(right.manifestCid)) - Number(cached.has(left.manifestCid));
  return right.priority - left.priority || byCache || left.batchRowId - right.batchRowId;
}

function dropBatch(candidates: Map<number, ActiveBatch[]>, { projectRowId }: ActiveBatch): void {
  const rest = (candidates.get(projectRowId) ?? []).slice(1);
  if (rest.length > 0) candidates.set(projectRowId, rest);
  else candidates.delete(projectRowId);
}

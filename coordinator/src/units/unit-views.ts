// Units as people see them: counts, one unit with its replicas, outcomes in order, who works on what.
import type { UnitCounts } from '@manyhands/contract';
import { Inject, Injectable } from '@nestjs/common';
import {
  CORE_OPTIONS,
  type CoreOptions,
  type ReplicaCounts,
  type UnitOutcome,
  type UnitsQuery,
  type UnitView,
} from '../core-ports.js';
import { type ReplicaTuple } from '../storage/sqlite/replicas.js';
import { indexOfUnit, unitIdOf } from '../storage/sqlite/units.js';
import { type OutcomeRow, type TotalsRow, UnitQueries } from '../storage/sqlite/units-queries.js';
import { CoreStore } from './core-store.js';
import { bucketOf, freshUnit, isSettled, type ReplicaPhase, type UnitState } from './domain/unit-state.js';
import { readEntry, verdictOf } from './unit-entry.js';

type ReplicaView = UnitView['replicas'][number];
const NO_QUORUM = { quorum: 0, lowest_quorum: null };
const NOT_SHOWN = { fuel: null, markCount: null, chainRoot: null, engine: null } as const;

@Injectable()
export class UnitViews {
  private readonly queries: UnitQueries;

  constructor(
    private readonly store: CoreStore,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
  ) {
    this.queries = store.database.read((db) => new UnitQueries(db));
  }

  counts(batchRowId: number): UnitCounts {
    const row = this.store.units.batch(batchRowId);
    return row ? withWaiting({ ...row, total: row.unit_count }) : withWaiting(NOTHING);
  }

  /** Why the open units of the batch were ended; null: they were not. */
  endedCode(batchRowId: number): string | null {
    return this.store.units.batch(batchRowId)?.ended_code ?? null;
  }

  /** Whether no unit of the batch was or will be accepted from one account alone: a quorum that was raised does not reach back. */
  isVerified(batchRowId: number): boolean {
    const { quorum, lowest_quorum } = this.store.units.batch(batchRowId) ?? NO_QUORUM;
    return Math.min(quorum, lowest_quorum ?? quorum) > 1;
  }

  replicaCounts(batchRowId: number): ReplicaCounts {
    const row = this.store.units.batch(batchRowId);
    return {
      leased: row?.replicas_leased ?? 0,
      reported: row?.replicas_reported ?? 0,
      agreed: row?.replicas_agreed ?? 0,
    };
  }

  totals(): UnitCounts {
    return withWaiting(this.queries.totals());
  }

  /** Units of the batch after an index; those that nobody ever leased come last. */
  list(batchRowId: number, { state, after, limit }: UnitsQuery): { units: UnitView[]; next: number | null } {
    const batch = this.store.units.batch(batchRowId);
    if (!batch) return { units: [], next: null };
    const indexes = this.queries.inBucket(batchRowId, state ?? 'any', { after, limit }).map(indexOfUnit);
    if (state === undefined || state === 'waiting')
      for (
        let index = Math.max(after + 1, batch.fresh_index);
        index < batch.unit_count && indexes.length < limit;
        index++
      )
        indexes.push(index);
    const units = indexes.flatMap((index) => this.unit(batchRowId, index) ?? []);
    const last = indexes.at(-1);
    return { units, next: last !== undefined && indexes.length === limit ? last : null };
  }

  unit(batchRowId: number, index: number): UnitView | undefined {
    const batch = this.store.units.batch(batchRowId);
    if (!batch || index < 0 || index >= batch.unit_count) return undefined;
    const unitId = unitIdOf(batchRowId, index);
    const [row] = this.store.units.span(unitId, unitId);
    if (!row) return { index, ...stateOf(freshUnit(batch.quorum)), digest: null, code: null, replicas: [] };
    const tuples = this.store.replicas.span(unitId, unitId);
    const { state } = readEntry(row, { replicas: tuples, from: 0, to: tuples.length }, batch.quorum);
    const digest = acceptedDigest(state, tuples);
    const verdict = state.replicas.find(
      ({ account }) => digest !== null && account === state.canonicalAccount,
    )?.verdict;
    const replicas = tuples.map((tuple) => this.replica(tuple, state, verdict ?? null));
    return { index, ...stateOf(state), digest: digest, code: state.code, replicas };
  }

  private replica(tuple: ReplicaTuple, unit: UnitState, accepted: string | null): ReplicaView {
    const [unitId, account, host, lease, , digest, , , elapsedMs, , fuel] = tuple;
    const phase = unit.replicas.find((replica) => replica.account === account)?.phase ?? 'expired';
    const state = replicaState(phase, {
      isUnitSettled: isSettled(unit),
      isAgreeing: accepted !== null && digest !== null && verdictOf(digest, fuel) === accepted,
    });
    const isShown = isSettled(unit) || phase === 'host-failed'; // what others said must not be copied
    const { build = 'nonleaf', engine = null } = this.store.leases.byRowId(lease) ?? {};
    const failure = isShown ? this.store.replicas.failure(unitId, account) : undefined;
    return {
      host: this.store.hosts.byRowId(host)?.pseudonym ?? 'unknown',
      state,
      // Not of failed units either: they may be tried again.
      digest: accepted !== null && phase === 'succeeded' ? digest : null,
      code: failure?.code ?? (state === 'disagreed' ? 'MH-VAL-007' : null),
      exitCode: failure?.exit_code ?? null,
      message: failure?.message ?? null,
      stderrTail: failure?.stderr_tail ?? null,
      elapsedMs,
      build,
      ...(accepted === null ? NOT_SHOWN : { engine, ...this.course(unitId, account, { fuel, phase }) }),
    };
  }

  /** How far the replica came, and the chain of its states. */
  private course(
    unitId: number,
    account: number,
    { fuel, phase }: { fuel: number | null; phase: ReplicaPhase },
  ): Pick<ReplicaView, 'fuel' | 'markCount' | 'chainRoot'> {
    if (phase === 'handed-over') {
      const parts = this.store.checkpoints.segments(unitId).filter((segment) => segment.account === account);
      return { fuel: parts.at(-1)?.toFuel ?? null, markCount: null, chainRoot: null };
    }
    const chain = fuel === null ? undefined : this.store.replicas.chain(unitId, account);
    return { fuel, markCount: chain?.markCount ?? null, chainRoot: chain?.chainRoot ?? null };
  }

  outcomes(batchRowId: number, { after, limit }: { after: number; limit: number }): UnitOutcome[] {
    return this.queries.outcomes(batchRowId, { after, limit }).map(toOutcome);
  }

  /** Accepted units per interval (a multiple of 10 s), oldest first; the last interval is the present one. */
  throughput(projectRowId: number, intervalMs: number, count: number): { startMs: number; accepted: number }[] {
    const nowMs = this.options.nowMs();
    const lastMs = nowMs - (nowMs % intervalMs);
    const firstMs = lastMs - (count - 1) * intervalMs;
    const points = Array.from({ length: count }, (_, index) => ({
      startMs: firstMs + index * intervalMs,
      accepted: 0,
    }));
    for (const { start_ms, accepted } of this.queries.throughput(projectRowId, firstMs)) {
      const point = points[Math.floor((start_ms - firstMs) / intervalMs)];
      if (point) point.accepted += accepted;
    }
    return points;
  }
}

/** Older scientists do not know that units can be held: they see them wait. */
function stateOf(unit: UnitState): Pick<UnitView, 'state' | 'isHeld'> {
  const bucket = bucketOf(unit);
  return bucket === 'held' ? { state: 'waiting', isHeld: true } : { state: bucket, isHeld: false };
}

const NOTHING = {
  total: 0,
  held: 0,
  running: 0,
  checking: 0,
  accepted: 0,
  failed: 0,
  cancelled: 0,
  expired: 0,
  stopped: 0,
};

export function withWaiting({ cancelled, expired, stopped, ...row }: TotalsRow): UnitCounts {
  const { total, held, running, checking, accepted, failed } = row;
  const waiting = total - running - checking - accepted - failed;
  return { total, waiting, held, running, checking, accepted, failed, ended: { cancelled, expired, stopped } };
}

function acceptedDigest({ phase, canonicalAccount }: UnitState, replicas: readonly ReplicaTuple[]): string | null {
  if (phase !== 'accepted') return null;
  return replicas.find(([, account]) => account === canonicalAccount)?.[5] ?? null;
}

function replicaState(
  phase: ReplicaPhase,
  { isUnitSettled, isAgreeing }: { isUnitSettled: boolean; isAgreeing: boolean },
): ReplicaView['state'] {
  if (phase === 'running' || phase === 'expired' || phase === 'returned' || phase === 'handed-over') return phase;
  if (phase === 'host-failed') return 'failed';
  if (!isUnitSettled) return 'reported';
  if (isAgreeing) return 'agreed';
  return phase === 'unit-failed' ? 'failed' : 'disagreed';
}

type OutcomeDetail = Pick<UnitOutcome, 'code' | 'cause' | 'exitCode' | 'message' | 'stderrTail' | 'fuel'>;

function toOutcome(row: OutcomeRow): UnitOutcome {
  const nothing: OutcomeDetail = {
    code: null,
    cause: null,
    exitCode: null,
    message: null,
    stderrTail: null,
    fuel: row.fuel,
  };
  const detail = row.detail === null ? nothing : { ...nothing, ...(JSON.parse(row.detail) as Partial<OutcomeDetail>) };
  return {
    sequence: row.sequence,
    index: row.unit_index,
    state: row.is_accepted ? 'accepted' : 'failed',
    digest: row.digest?.toString('hex') ?? null,
    bundleSizeBytes: row.bundle_bytes,
    ...detail,
    settledAtMs: row.settled_ms,
  };
}

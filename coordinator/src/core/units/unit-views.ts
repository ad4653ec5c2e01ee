// Units as people see them: counts, one unit with its replicas, outcomes in order, who works on what.
import type { UnitCounts } from '@manyhands/contract';
import { Inject, Injectable } from '@nestjs/common';
import { jsonBytes, shown, takePage } from '../../http/domain/page-bounds.js';
import type { ReplicaTuple } from '../../storage/sqlite/replicas.js';
import { type BatchWorkRow, indexOfUnit, unitIdOf } from '../../storage/sqlite/units.js';
import { type OutcomeRow, type TotalsRow, UnitQueries } from '../../storage/sqlite/units-queries.js';
import { CoreStore } from '../ports/core-store.js';
import { CORE_OPTIONS, type CoreOptions } from '../ports/options.js';
import { bucketOf, freshUnit, isSettled, type ReplicaPhase, type UnitState } from './domain/unit-state.js';
import { readEntry, verdictOf } from './unit-entry.js';
import {
  type BatchSummary,
  type OutcomesQuery,
  type UnitOutcome,
  type UnitsQuery,
  type UnitView,
} from './unit-shapes.js';

type ReplicaView = UnitView['replicas'][number];
/** Names come from the manifest, after a page is cut. */
const NAME_MAXIMUM_BYTES = 300;
const UTF8 = new TextDecoder();
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
    return countsOf(this.store.units.batch(batchRowId));
  }

  /** All that is kept of the work on a batch. */
  summary(batchRowId: number): BatchSummary {
    const row = this.store.units.batch(batchRowId);
    const counts = countsOf(row);
    const { quorum, lowest_quorum } = row ?? NO_QUORUM;
    return {
      counts,
      isComplete: counts.total > 0 && counts.accepted + counts.failed === counts.total,
      endedCode: row?.ended_code ?? null,
      isVerified: Math.min(quorum, lowest_quorum ?? quorum) > 1,
      replicas: {
        leased: row?.replicas_leased ?? 0,
        reported: row?.replicas_reported ?? 0,
        agreed: row?.replicas_agreed ?? 0,
      },
      creditMilli: row?.granted_milli ?? 0,
    };
  }

  totals(): UnitCounts {
    return withWaiting(this.queries.totals());
  }

  /** Units of the batch after an index; those that nobody ever leased come last. A page may be short of its limit and have a next one. */
  list(batchRowId: number, query: UnitsQuery): { units: UnitView[]; next: number | null } {
    const batch = this.store.units.batch(batchRowId);
    if (!batch) return { units: [], next: null };
    const { indexes, next } = this.indexes(batchRowId, query, batch);
    const look = new Look(this.store);
    const found = shown(indexes, (index) => this.view(batchRowId, index, { batch, look }));
    const { taken, isMore } = takePage(found, query.limit, (unit) => jsonBytes(unit) + NAME_MAXIMUM_BYTES);
    return { units: taken, next: isMore ? (taken.at(-1)?.index ?? next) : next };
  }

  private indexes(
    batchRowId: number,
    { state, after, limit }: UnitsQuery,
    batch: BatchWorkRow,
  ): { indexes: number[]; next: number | null } {
    if (state === 'held') {
      const indexes = this.queries.heldIds(batchRowId, { after, limit }).map(indexOfUnit);
      return { indexes, next: indexes.length === limit ? (indexes.at(-1) ?? null) : null };
    }
    const { ids, nextId } = this.queries.inBucket(batchRowId, state ?? 'any', { after, limit });
    const indexes = ids.map(indexOfUnit);
    if (nextId !== null) return { indexes, next: indexOfUnit(nextId) };
    if (state !== undefined && state !== 'waiting') return { indexes, next: null };
    let index = Math.max(after + 1, batch.fresh_index);
    for (; index < batch.unit_count && indexes.length < limit; index++) indexes.push(index);
    return { indexes, next: index < batch.unit_count ? index - 1 : null };
  }

  unit(batchRowId: number, index: number): UnitView | undefined {
    const batch = this.store.units.batch(batchRowId);
    if (!batch || index < 0 || index >= batch.unit_count) return undefined;
    return this.view(batchRowId, index, { batch, look: new Look(this.store) });
  }

  private view(batchRowId: number, index: number, { batch, look }: { batch: BatchWorkRow; look: Look }): UnitView {
    const unitId = unitIdOf(batchRowId, index);
    const [row] = this.store.units.span(unitId, unitId);
    if (!row) return { index, ...stateOf(freshUnit(batch.quorum)), digest: null, code: null, replicas: [] };
    const tuples = this.store.replicas.span(unitId, unitId);
    const { state } = readEntry(row, { replicas: tuples, from: 0, to: tuples.length }, batch.quorum);
    const digest = acceptedDigest(state, tuples);
    const verdict = state.replicas.find(
      ({ account }) => digest !== null && account === state.canonicalAccount,
    )?.verdict;
    const replicas = tuples.map((tuple) => this.replica(tuple, state, { accepted: verdict ?? null, look }));
    return { index, ...stateOf(state), digest: digest, code: state.code, replicas };
  }

  private replica(
    tuple: ReplicaTuple,
    unit: UnitState,
    { accepted, look }: { accepted: string | null; look: Look },
  ): ReplicaView {
    const [unitId, account, host, lease, , digest, , , elapsedMs, , fuel] = tuple;
    const phase = unit.replicas.find((replica) => replica.account === account)?.phase ?? 'expired';
    const state = replicaState(phase, {
      isUnitSettled: isSettled(unit),
      isAgreeing: accepted !== null && digest !== null && verdictOf(digest, fuel) === accepted,
    });
    const isShown = isSettled(unit) || phase === 'host-failed'; // what others said must not be copied
    const { build, engine } = look.lease(lease);
    const failure = isShown ? this.store.replicas.failure(unitId, account) : undefined;
    return {
      host: look.host(host),
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

  /** Outcomes after a sequence, as many as fit in a page. */
  outcomes(batchRowId: number, { after, limit, hasStdout = false }: OutcomesQuery): UnitOutcome[] {
    const rows = this.queries.outcomes(batchRowId, { after, limit });
    const found = shown(rows, (row) => toOutcome(row, hasStdout));
    return takePage(found, limit, (outcome) => jsonBytes(outcome) + NAME_MAXIMUM_BYTES).taken;
  }

  hasOutcomeAfter(batchRowId: number, after: number): boolean {
    return this.queries.hasOutcomeAfter(batchRowId, after);
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

function countsOf(row: BatchWorkRow | undefined): UnitCounts {
  return withWaiting(row ? { ...row, total: row.unit_count } : NOTHING);
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

function toOutcome(row: OutcomeRow, hasStdout: boolean): UnitOutcome {
  const nothing: OutcomeDetail = {
    code: null,
    cause: null,
    exitCode: hasStdout ? row.exit_code : null,
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
    stdout: hasStdout && row.stdout ? UTF8.decode(row.stdout) : null,
    settledAtMs: row.settled_ms,
  };
}

/** Hosts and leases of one page: many units share them. */
class Look {
  private readonly hosts = new Map<number, string>();
  private readonly leases = new Map<number, Pick<ReplicaView, 'build' | 'engine'>>();

  constructor(private readonly store: CoreStore) {}

  /** The pseudonym. */
  host(rowId: number): string {
    const known = this.hosts.get(rowId) ?? this.store.hosts.byRowId(rowId)?.pseudonym ?? 'unknown';
    this.hosts.set(rowId, known);
    return known;
  }

  lease(rowId: number): Pick<ReplicaView, 'build' | 'engine'> {
    const known = this.leases.get(rowId) ?? this.store.leases.shown(rowId) ?? { build: 'nonleaf', engine: null };
    this.leases.set(rowId, known);
    return known;
  }
}

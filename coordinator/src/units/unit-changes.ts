// Everything that one transaction does to units: events go through the state machine, rows, counters, credit and outcomes follow from it.
import type { CreditedReplica } from '../credits/domain/grants.js';
import { grantsFor } from '../credits/domain/grants.js';
import { nextReliability } from '../hosts/domain/back-off.js';
import type { HostTally } from '../storage/sqlite/hosts.js';
import type { Failure } from '../storage/sqlite/replicas.js';
import { type BatchDelta, type BatchWorkRow, batchOfUnit, indexOfUnit, unitIdOf } from '../storage/sqlite/units.js';
import type { CoreStore } from './core-store.js';
import { toRanges } from './domain/ranges.js';
import type { SearchHints } from './domain/search-hints.js';
import { nextUnit, type UnitEffect, type UnitEvent, type UnitReply } from './domain/transition.js';
import { isVote } from './domain/unit-state.js';
import {
  bucketOf,
  freshEntry,
  isReopened,
  type ReplicaDetail,
  readEntry,
  replicaTuple,
  type UnitEntry,
  unitColumns,
} from './unit-entry.js';

/** What is to be told to hosts and waiters once the transaction is durable. */
export type Aftermath = {
  /** Batches in which units became eligible for somebody. */
  readonly reopened: Set<number>;
  /** Batches with new outcomes. */
  readonly settled: Set<number>;
  /** Batches whose units are all settled by this transaction. */
  readonly completed: Set<number>;
  readonly bundlesWanted: { unitId: number; custodians: readonly number[] }[];
  /** Kept bundles that are not needed any more. */
  readonly released: { hostRowId: number; leaseRowId: number; index: number }[];
  /** Leases that ended because their units were settled otherwise. */
  readonly cancelled: { leaseRowId: number; code: string }[];
};

export type ChangeContext = {
  readonly nowMs: number;
  /** What a batch pays for a replica. */
  readonly rateMilli: (batchRowId: number) => number;
  readonly hints: SearchHints;
};

const noDelta = (): BatchDelta => ({
  freshIndex: 0,
  sequences: 0,
  running: 0,
  checking: 0,
  accepted: 0,
  failed: 0,
  leased: 0,
  reported: 0,
  agreed: 0,
});

export class UnitChanges {
  readonly aftermath: Aftermath = {
    reopened: new Set(),
    settled: new Set(),
    completed: new Set(),
    bundlesWanted: [],
    released: [],
    cancelled: [],
  };
  private readonly entries = new Map<number, UnitEntry>();
  private readonly batches = new Map<number, BatchWorkRow>();
  private readonly deltas = new Map<number, BatchDelta>();
  private readonly tallies = new Map<number, HostTally>();
  private readonly credited: CreditedReplica[] = [];
  private readonly outcomes: { entry: UnitEntry; isAccepted: boolean }[] = [];
  /** Running replicas that ended, by lease: by the host's own word, and otherwise. */
  private readonly closings = new Map<number, { count: number; otherwise: string | null }>();

  constructor(
    private readonly store: CoreStore,
    readonly context: ChangeContext,
  ) {}

  /** The batch's row as the transaction found it. */
  batch(batchRowId: number): BatchWorkRow {
    let row = this.batches.get(batchRowId);
    if (!row) {
      row = this.store.units.batch(batchRowId);
      if (!row) throw new Error(`batch ${batchRowId} has no units`);
      this.batches.set(batchRowId, row);
    }
    return row;
  }

  delta(batchRowId: number): BatchDelta {
    let delta = this.deltas.get(batchRowId);
    if (!delta) {
      delta = noDelta();
      this.deltas.set(batchRowId, delta);
    }
    return delta;
  }

  /** Reads consecutive units at once; `apply` reads what was not read. */
  load(batchRowId: number, firstIndex: number, lastIndex: number): void {
    const { quorum } = this.batch(batchRowId);
    const firstId = unitIdOf(batchRowId, firstIndex);
    const lastId = unitIdOf(batchRowId, lastIndex);
    const replicas = this.store.replicas.span(firstId, lastId);
    let at = 0;
    for (const row of this.store.units.span(firstId, lastId)) {
      const from = at;
      while (at < replicas.length && replicas[at]?.[0] === row[0]) at++;
      if (!this.entries.has(row[0])) this.entries.set(row[0], readEntry(row, replicas.slice(from, at), quorum));
    }
  }

  entry(unitId: number): UnitEntry {
    const found = this.entries.get(unitId);
    if (found) return found;
    const batchRowId = batchOfUnit(unitId);
    const index = indexOfUnit(unitId);
    this.load(batchRowId, index, index);
    const entry = this.entries.get(unitId) ?? freshEntry(unitId, this.batch(batchRowId).quorum);
    this.entries.set(unitId, entry);
    return entry;
  }

  /** Gives an event to a unit. `detail` is what the replica's row holds afterwards, given when the event comes with it. */
  apply(unitId: number, event: UnitEvent, detail?: Partial<ReplicaDetail>): UnitReply {
    const entry = this.entry(unitId);
    const { state: before } = entry;
    const { state, reply, effects } = nextUnit(before, event);
    if (state === before) return reply;
    entry.state = state;
    if (event.type === 'retried') this.reset(entry);
    this.noteEndedReplicas(entry, before, event); // first: a late receipt of another lease changes what lease the row names
    if ('account' in event) this.keepDetail(entry, event, detail);
    for (const effect of effects) this.noteEffect(entry, effect);
    return reply;
  }

  /** What a replica that failed said. */
  describeFailure(unitId: number, account: number, failure: Failure): void {
    this.store.replicas.putFailure(unitId, account, failure);
  }

  private keepDetail(entry: UnitEntry, event: UnitEvent & { account: number }, detail?: Partial<ReplicaDetail>): void {
    const { account } = event;
    const old = entry.details.get(account);
    const blank = { host: 0, lease: 0, digest: null, bundleBytes: null, bundleId: null, elapsedMs: null };
    entry.dirty.add(account);
    entry.details.set(account, event.type === 'leased' ? { ...blank, ...detail } : { ...blank, ...old, ...detail });
    const delta = this.delta(batchOfUnit(entry.id));
    if (event.type === 'leased') delta.leased++;
    if (event.type === 'succeeded' || event.type === 'unit-failed' || event.type === 'host-failed') delta.reported++;
    const isBad = event.type === 'host-failed' || event.type === 'expired' || event.type === 'bytes-wrong';
    if (isBad) this.tally(entry.details.get(account)?.host ?? 0).failed++;
    if (event.type === 'bytes-lost' || event.type === 'bytes-wrong' || event.type === 'banned')
      entry.details.set(account, { ...blank, ...old, digest: null, bundleId: null });
  }

  private noteEndedReplicas(entry: UnitEntry, before: UnitEntry['state'], event: UnitEvent): void {
    for (const replica of before.replicas) {
      if (replica.phase !== 'running') continue;
      const after = entry.state.replicas.find(({ account }) => account === replica.account);
      if (after?.phase === 'running') continue;
      entry.dirty.add(replica.account);
      const lease = entry.details.get(replica.account)?.lease ?? 0;
      const closing = this.closings.get(lease) ?? { count: 0, otherwise: null };
      closing.count++;
      if (!('account' in event && event.account === replica.account))
        closing.otherwise = event.type === 'ended' ? event.code : 'MH-LSE-001';
      this.closings.set(lease, closing);
    }
  }

  private noteEffect(entry: UnitEntry, effect: UnitEffect): void {
    if (effect.type === 'bundle-wanted') {
      this.aftermath.bundlesWanted.push({ unitId: entry.id, custodians: effect.custodians });
      return;
    }
    this.outcomes.push({ entry, isAccepted: effect.type === 'accepted' });
    const batchRowId = batchOfUnit(entry.id);
    const kept = effect.type === 'accepted' ? entry.details.get(effect.canonicalAccount)?.bundleId : null;
    for (const { account, phase } of entry.state.replicas) {
      const detail = entry.details.get(account);
      if (!detail || phase !== 'succeeded') continue;
      if (detail.bundleId === null)
        this.aftermath.released.push({
          hostRowId: detail.host,
          leaseRowId: detail.lease,
          index: indexOfUnit(entry.id),
        });
      else if (detail.bundleId !== kept) this.dropBundle(entry, account, detail);
    }
    if (effect.type !== 'accepted') return;
    const credited = new Set(effect.credited);
    for (const replica of entry.state.replicas) {
      if (!isVote(replica)) continue;
      const host = entry.details.get(replica.account)?.host ?? 0;
      if (!credited.has(replica.account)) {
        this.tally(host).disagreed++;
        continue;
      }
      this.tally(host).accepted++;
      this.delta(batchRowId).agreed++;
      const unitIndex = indexOfUnit(entry.id);
      this.credited.push({ batchRowId, unitIndex, accountRowId: replica.account, hostRowId: host });
    }
  }

  private dropBundle(entry: UnitEntry, account: number, detail: ReplicaDetail): void {
    if (detail.bundleId !== null && detail.bundleId > 0) this.store.replicas.removeBundle(detail.bundleId);
    entry.details.set(account, { ...detail, bundleId: null });
    entry.dirty.add(account);
  }

  private reset(entry: UnitEntry): void {
    this.store.replicas.deleteOfUnit(entry.id);
    entry.details.clear();
    entry.dirty.clear();
    entry.isReset = true;
  }

  private tally(hostRowId: number): HostTally {
    let tally = this.tallies.get(hostRowId);
    if (!tally) {
      tally = { accepted: 0, disagreed: 0, failed: 0 };
      this.tallies.set(hostRowId, tally);
    }
    return tally;
  }

  /** Writes all of it. The aftermath holds once the transaction is committed. */
  finish(): Aftermath {
    this.writeUnits();
    this.writeOutcomes();
    for (const grant of grantsFor(this.credited, this.context.rateMilli))
      this.store.ledger.grant(grant, this.context.nowMs);
    for (const [lease, { count, otherwise }] of this.closings)
      if (this.store.leases.closeUnits(lease, count) === 0 && otherwise)
        this.aftermath.cancelled.push({ leaseRowId: lease, code: otherwise });
    this.writeBatches();
    this.writeTallies();
    return this.aftermath;
  }

  private writeUnits(): void {
    const changed = [...this.entries.values()].filter(({ before, state }) => before !== state);
    changed.sort((left, right) => left.id - right.id);
    let run: { firstId: number; lastId: number; columns: ReturnType<typeof unitColumns>; name: string } | undefined;
    const flush = () => run && this.store.units.updateConsecutive(run.firstId, run.lastId, run.columns);
    for (const entry of changed) {
      this.noteBuckets(entry);
      for (const account of entry.dirty) this.writeReplica(entry, account);
      const columns = unitColumns(entry.state);
      const name = columns.join();
      if (run && run.lastId === entry.id - 1 && run.name === name) run.lastId = entry.id;
      else {
        flush();
        run = { firstId: entry.id, lastId: entry.id, columns, name };
      }
    }
    flush();
  }

  private writeReplica(entry: UnitEntry, account: number): void {
    const replica = entry.state.replicas.find((candidate) => candidate.account === account);
    const detail = entry.details.get(account);
    if (!replica || !detail) return;
    const isKnown = !entry.isReset && entry.before.replicas.some((old) => old.account === account);
    const tuple = replicaTuple(entry.id, replica, detail);
    if (isKnown) this.store.replicas.change(tuple);
    else this.store.replicas.put(tuple);
  }

  private noteBuckets(entry: UnitEntry): void {
    const batchRowId = batchOfUnit(entry.id);
    const delta = this.delta(batchRowId);
    const from = bucketOf(entry.before);
    const to = bucketOf(entry.state);
    if (from !== 'waiting') delta[from]--;
    if (to !== 'waiting') delta[to]++;
    if (!isReopened(entry)) return;
    this.context.hints.reopen(batchRowId, indexOfUnit(entry.id));
    this.aftermath.reopened.add(batchRowId);
  }

  private writeOutcomes(): void {
    const accepted = new Map<number, number[]>();
    for (const { entry, isAccepted } of this.outcomes) {
      const batchRowId = batchOfUnit(entry.id);
      this.aftermath.settled.add(batchRowId);
      if (!isAccepted) this.writeFailedOutcome(entry);
      else {
        const digest = entry.details.get(entry.state.canonicalAccount ?? 0)?.digest;
        if (digest) this.store.replicas.addResult(digest, entry.id);
        const indexes = accepted.get(batchRowId);
        if (indexes) indexes.push(indexOfUnit(entry.id));
        else accepted.set(batchRowId, [indexOfUnit(entry.id)]);
      }
    }
    for (const [batchRowId, indexes] of accepted) {
      this.store.ledger.throughput(this.batch(batchRowId).project_row_id, this.context.nowMs, indexes.length);
      for (const [firstIndex, count] of toRanges(indexes.sort((left, right) => left - right)))
        this.store.ledger.accepted(
          { batchRowId, sequence: this.takeSequences(batchRowId, count), firstIndex, count },
          this.context.nowMs,
        );
    }
  }

  private writeFailedOutcome(entry: UnitEntry): void {
    const batchRowId = batchOfUnit(entry.id);
    const failed = entry.state.replicas.find(({ phase }) => phase === 'unit-failed' || phase === 'host-failed');
    const said = failed && this.store.replicas.failure(entry.id, failed.account);
    const detail = {
      code: entry.state.code,
      cause: said?.code ?? null,
      exitCode: said?.exit_code ?? null,
      message: said?.message ?? null,
      stderrTail: said?.stderr_tail ?? null,
    };
    const run = {
      batchRowId,
      sequence: this.takeSequences(batchRowId, 1),
      firstIndex: indexOfUnit(entry.id),
      count: 1,
    };
    this.store.ledger.failed(run, this.context.nowMs, JSON.stringify(detail));
  }

  /** The first of `count` new positions among the outcomes of a batch. */
  takeSequences(batchRowId: number, count: number): number {
    const delta = this.delta(batchRowId);
    const first = this.batch(batchRowId).next_sequence + delta.sequences;
    delta.sequences += count;
    return first;
  }

  private writeBatches(): void {
    for (const [batchRowId, delta] of this.deltas) {
      const before = this.batch(batchRowId);
      this.store.units.changeBatch(batchRowId, delta);
      const settled = before.accepted + before.failed;
      const settledNow = settled + delta.accepted + delta.failed;
      if (settledNow === before.unit_count && settled < before.unit_count) this.aftermath.completed.add(batchRowId);
    }
  }

  private writeTallies(): void {
    for (const [hostRowId, tally] of this.tallies) {
      this.store.hosts.addTally(hostRowId, tally);
      const before = this.store.hosts.reliability(hostRowId);
      const report = { goodCount: tally.accepted, badCount: tally.disagreed + tally.failed };
      const after = nextReliability(before, report, this.context.nowMs);
      if (after !== before) this.store.hosts.setReliability(hostRowId, after);
    }
  }
}

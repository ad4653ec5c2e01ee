// Everything that one transaction does to units: events go through the state machine; rows, counters, credit and outcomes follow from it.
import { endingOf } from '@manyhands/contract/words';
import type { Failure } from '../../storage/sqlite/replicas.js';
import {
  type BatchDelta,
  type BatchWorkRow,
  batchOfUnit,
  indexOfUnit,
  UNIT_FLAGS,
  unitIdOf,
} from '../../storage/sqlite/units.js';
import type { Aftermath } from '../ports/aftermath.js';
import type { CoreStore } from '../ports/core-store.js';
import { BundleBook } from './bundle-book.js';
import type { BatchBook, ChangeContext } from './change-context.js';
import { nextUnit } from './domain/transition.js';
import type { UnitEffect, UnitEvent, UnitReply } from './domain/unit-events.js';
import { bucketOf, type UnitState } from './domain/unit-state.js';
import { writeEntries } from './entry-writer.js';
import { writeLineages } from './lineage-writer.js';
import { Settlement } from './settlement.js';
import { StoryBook } from './story-book.js';
import {
  detailOf,
  freshEntry,
  isReopened,
  markDirty,
  type ReplicaDetail,
  readEntry,
  setDetail,
  type UnitEntry,
  withLineages,
} from './unit-entry.js';

/** What a lease comes to: how many running replicas ended, why if not by the host's own word, and the engine that its host named. */
type Closing = { count: number; otherwise: string | null; engine: string | null };

const BLANK = {
  host: 0,
  lease: 0,
  digest: null,
  bundleBytes: null,
  bundleId: null,
  elapsedMs: null,
  fuel: null,
} as const;

export class UnitChanges implements BatchBook {
  readonly aftermath: Aftermath = {
    reopened: new Set(),
    settled: new Set(),
    completed: new Set(),
    bundlesWanted: [],
    released: [],
    cancelled: [],
    droppedCheckpoints: [],
    chainDisputes: [],
    roomier: new Set(),
    confirmed: new Map(),
    newHands: [],
  };
  private readonly entries = new Map<number, UnitEntry>();
  private readonly batches = new Map<number, BatchWorkRow>();
  private readonly deltas = new Map<number, BatchDelta>();
  private readonly closings = new Map<number, Closing>();
  readonly bundles: BundleBook;
  readonly story: StoryBook;
  private readonly settlement: Settlement;

  constructor(
    private readonly store: CoreStore,
    readonly context: ChangeContext,
  ) {
    this.bundles = new BundleBook(store);
    this.story = new StoryBook(store, (batchRowId) => this.batch(batchRowId).project_row_id);
    this.settlement = new Settlement(store, this, this.aftermath);
  }

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
      const ended = { cancelled: 0, expired: 0, stopped: 0 };
      const units = { held: 0, running: 0, checking: 0, accepted: 0, failed: 0, ended, creditMilli: 0 };
      delta = { ...units, freshIndex: 0, sequences: 0, leased: 0, reported: 0, agreed: 0 };
      this.deltas.set(batchRowId, delta);
    }
    return delta;
  }

  /** The first of `count` new positions among the outcomes of a batch. */
  takeSequences(batchRowId: number, count: number): number {
    const delta = this.delta(batchRowId);
    const first = this.batch(batchRowId).next_sequence + delta.sequences;
    delta.sequences += count;
    return first;
  }

  /** Reads consecutive units at once; `apply` reads what was not read. */
  load(batchRowId: number, firstIndex: number, lastIndex: number): void {
    const { quorum } = this.batch(batchRowId);
    const firstId = unitIdOf(batchRowId, firstIndex);
    const lastId = unitIdOf(batchRowId, lastIndex);
    const replicas = this.store.replicas.span(firstId, lastId);
    let to = 0;
    for (const row of this.store.units.span(firstId, lastId)) {
      const from = to;
      while (to < replicas.length && replicas[to]?.[0] === row[0]) to++;
      if (this.entries.has(row[0])) continue;
      const entry = readEntry(row, { replicas, from, to }, quorum);
      this.entries.set(row[0], row[8] & UNIT_FLAGS.hasLineages ? this.completed(entry) : entry);
    }
  }

  private completed(entry: UnitEntry): UnitEntry {
    const { replicas, checkpoints } = this.store;
    return withLineages(entry, { replicas: replicas.lineages(entry.id), segments: checkpoints.segments(entry.id) });
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
    if (event.type === 'retried') this.reset(entry, before);
    this.noteEndedReplicas(entry, before, { event, detail }); // first: a late receipt of another lease changes what lease the row names
    if ('account' in event && reply.status === 'done') this.keepDetail(entry, event, detail);
    if (before.lineages !== state.lineages) markChanged(entry, before);
    for (const effect of effects) this.noteEffect(entry, effect);
    return reply;
  }

  /** The host cannot run what it was given, whatever the unit: it is to wait before it asks again, the units are as if never leased. */
  noteDeclined(hostRowId: number): void {
    this.settlement.of(hostRowId).failed++;
  }

  /** What a replica that failed said. */
  describeFailure(unitId: number, account: number, failure: Failure): void {
    this.store.replicas.putFailure(unitId, account, failure);
  }

  private keepDetail(entry: UnitEntry, event: UnitEvent & { account: number }, detail?: Partial<ReplicaDetail>): void {
    const { account, type } = event;
    const old = type === 'leased' ? undefined : detailOf(entry, account);
    const isVoid = type === 'bytes-lost' || type === 'bytes-wrong' || type === 'banned';
    const kept = { ...BLANK, ...old, ...detail, account, ...(isVoid && { digest: null, bundleId: null, fuel: null }) };
    setDetail(entry, kept);
    const delta = this.delta(batchOfUnit(entry.id));
    if (type === 'leased') delta.leased++;
    if (type === 'succeeded' || type === 'unit-failed' || type === 'host-failed') delta.reported++;
    if (type === 'succeeded' || type === 'unit-failed') this.settlement.deliver(kept.host, kept.lease);
    if (type === 'host-failed' || type === 'bytes-wrong') this.settlement.of(kept.host).failed++;
    if (type === 'expired') this.settlement.of(kept.host).lapsed++;
  }

  /** By which engine the units of a lease were computed. */
  noteEngine(leaseRowId: number, engine: string): void {
    this.closing(leaseRowId).engine = engine;
  }

  private closing(leaseRowId: number): Closing {
    const closing = this.closings.get(leaseRowId) ?? { count: 0, otherwise: null, engine: null };
    this.closings.set(leaseRowId, closing);
    return closing;
  }

  private noteEndedReplicas(
    entry: UnitEntry,
    before: UnitState,
    { event, detail }: { event: UnitEvent; detail: Partial<ReplicaDetail> | undefined },
  ): void {
    const speaker = 'account' in event ? event.account : null;
    for (const { account, phase } of before.replicas) {
      if (phase !== 'running') continue;
      const after = entry.state.replicas.find((replica) => replica.account === account);
      if (after?.phase === 'running') continue;
      markDirty(entry, account);
      const lease = detailOf(entry, account)?.lease ?? 0;
      const closing = this.closing(lease);
      closing.count++;
      // What a host hands in of an earlier lease ends what it was given since.
      const isByItself = account === speaker && (detail?.lease ?? lease) === lease;
      if (!isByItself) closing.otherwise = event.type === 'ended' ? event.code : 'MH-LSE-001';
    }
  }

  private noteEffect(entry: UnitEntry, effect: UnitEffect): void {
    if (effect.type === 'accepted') this.settlement.accept(entry, effect);
    else if (effect.type === 'failed') this.settlement.fail(entry);
    else this.aftermath.bundlesWanted.push({ unitId: entry.id, custodians: effect.custodians });
  }

  /** A unit that was held is tried again with all that was said of it, a failed one from the beginning. */
  private reset(entry: UnitEntry, before: UnitState): void {
    this.store.lapses.forgetUnit(entry.id);
    if (before.phase === 'held') return;
    this.store.replicas.deleteOfUnit(entry.id);
    entry.details = [];
    entry.dirty = [];
    entry.isReset = true;
  }

  /** Writes all of it. The aftermath holds once the transaction is committed. */
  finish(): Aftermath {
    const changed = [...this.entries.values()].filter(({ before, state }) => before !== state);
    for (const entry of changed) {
      this.noteBuckets(entry);
      this.story.changed(entry);
    }
    writeEntries(this.store, changed);
    for (const entry of changed) this.aftermath.droppedCheckpoints.push(...writeLineages(this.store, entry));
    this.bundles.write();
    this.settlement.write(this.context);
    for (const [leaseRowId, closing] of this.closings) this.closeLease(leaseRowId, closing);
    this.writeBatches();
    this.aftermath.newHands.push(...this.story.write(this.context.nowMs));
    return this.aftermath;
  }

  private closeLease(leaseRowId: number, closing: Closing): void {
    const openUnits = this.store.leases.closeUnits(leaseRowId, closing);
    if (openUnits === 0 && closing.otherwise) this.aftermath.cancelled.push({ leaseRowId, code: closing.otherwise });
  }

  private noteBuckets(entry: UnitEntry): void {
    const batchRowId = batchOfUnit(entry.id);
    const delta = this.delta(batchRowId);
    const from = bucketOf(entry.before);
    const to = bucketOf(entry.state);
    if (from !== 'waiting') delta[from]--;
    if (to !== 'waiting') delta[to]++;
    if (from === 'failed') addEnding(delta, entry.before.code, -1);
    if (to === 'failed') addEnding(delta, entry.state.code, 1);
    if (!isReopened(entry)) return;
    this.context.hints.reopen(batchRowId, indexOfUnit(entry.id));
    this.context.hintsApart.reopen(batchRowId, indexOfUnit(entry.id));
    this.aftermath.reopened.add(batchRowId);
  }

  private writeBatches(): void {
    for (const [batchRowId, delta] of this.deltas) {
      const before = this.batch(batchRowId);
      this.store.units.changeBatch(batchRowId, delta);
      this.store.stories.changeWork(before.project_row_id, delta);
      this.store.stories.touchByWork(before.project_row_id, this.context.nowMs);
      const settled = before.accepted + before.failed;
      const settledNow = settled + delta.accepted + delta.failed;
      if (settledNow === before.unit_count && settled < before.unit_count) this.aftermath.completed.add(batchRowId);
    }
  }
}

/** Units that were ended with their batch are counted apart from those that failed. */
export function addEnding({ ended }: BatchDelta, code: string | null, count: number): void {
  const ending = endingOf(code);
  if (ending !== 'failed') ended[ending] += count;
}

/** A lineage that begins or ends changes replicas of others than who spoke. */
function markChanged(entry: UnitEntry, before: UnitState): void {
  for (const replica of entry.state.replicas) if (!before.replicas.includes(replica)) markDirty(entry, replica.account);
}

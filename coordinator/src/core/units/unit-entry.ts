// One unit within a transaction: its rows, read as the state of the domain, and what is to be written back.

import type { SegmentRow } from '../../storage/sqlite/checkpoints.js';
import { type ChainEnd, REPLICA_PHASES, type ReplicaExtras, type ReplicaTuple } from '../../storage/sqlite/replicas.js';
import { PHASES, UNIT_FLAGS, type UnitColumns, type UnitTuple } from '../../storage/sqlite/units.js';
import { waitingLineages } from './domain/lineage.js';
import {
  freshUnit,
  isBarred,
  type Lineage,
  type Replica,
  runningCount,
  type UnitState,
  wantedCount,
} from './domain/unit-state.js';

/** `bundleId` of a bundle that is a file; other values are rows. */
export const BUNDLE_IN_FILE = 0;

/** What storage keeps of a replica beside what the domain decides on. */
export type ReplicaDetail = {
  readonly account: number;
  readonly host: number;
  readonly lease: number;
  /** What it says, in hex: a result digest, or a failure. */
  readonly digest: string | null;
  readonly bundleBytes: number | null;
  readonly bundleId: number | null;
  readonly elapsedMs: number | null;
  readonly fuel: number | null;
  /** Set in the transaction that learns it. */
  readonly chain?: ChainEnd | undefined;
};

/** What a unit with lineages has beside its rows. */
export type LineageRows = {
  /** account, lineage, fuel of the checkpoint. */
  readonly replicas: readonly (readonly [number, number, number | null])[];
  readonly segments: readonly SegmentRow[];
};

export type UnitEntry = {
  readonly id: number;
  /** As the transaction found it. */
  readonly before: UnitState;
  state: UnitState;
  /** One for each replica, in no order. Few: searching is cheaper than a map. */
  details: ReplicaDetail[];
  /** Accounts whose replica rows differ from the database. */
  dirty: number[];
  /** The rows of its replicas were deleted by this transaction. */
  isReset: boolean;
  /** Hosts of the segments of its lineages, as found. */
  readonly segments: readonly SegmentRow[];
};

/** The entry of a unit that has no row yet. */
export function freshEntry(id: number, quorum: number): UnitEntry {
  const state = freshUnit(quorum);
  return { id, before: state, state, details: [], dirty: [], isReset: false, segments: [] };
}

/** The entry of a unit from its row and the rows of its replicas: those of `replicas` between two positions. */
export function readEntry(
  row: UnitTuple,
  { replicas, from, to }: { replicas: readonly ReplicaTuple[]; from: number; to: number },
  quorum: number,
): UnitEntry {
  const [id, phase, , , attempts, hostFailures, canonicalAccount, code, flags] = row;
  const details: ReplicaDetail[] = [];
  const own: Replica[] = [];
  for (let at = from; at < to; at++) {
    const tuple = replicas[at];
    if (!tuple) continue;
    const [, account, host, lease, state, digest, bundleBytes, bundleId, elapsedMs, failures, fuel] = tuple;
    const [, , , , , , , , , , , network, isOverdue] = tuple;
    details.push({ account, host, lease, digest, bundleBytes, bundleId, elapsedMs, fuel });
    own.push({
      account,
      host,
      network,
      phase: REPLICA_PHASES[state] ?? 'expired',
      verdict: digest === null ? null : verdictOf(digest, fuel),
      hasBytes: bundleId !== null,
      failures,
      lineage: null,
      checkpointFuel: null,
      isOverdue: isOverdue === 1,
    });
  }
  const state: UnitState = {
    phase: PHASES[phase] ?? 'failed',
    quorum,
    replicas: own,
    attempts,
    hostFailures,
    canonicalAccount,
    code,
    needsAll: (flags & UNIT_FLAGS.needsAll) !== 0,
    lineages: [],
  };
  return { id, before: state, state, details, dirty: [], isReset: false, segments: [] };
}

/** The statement that votes compare: what came out, and the fuel that it took. */
export function verdictOf(digest: string, fuel: number | null): string {
  return `${digest}:${fuel ?? ''}`;
}

/** Completes the entry of a unit that has lineages. */
export function withLineages(entry: UnitEntry, { replicas, segments }: LineageRows): UnitEntry {
  const byAccount = new Map(
    replicas.map(([account, lineage, checkpointFuel]) => [account, { lineage, checkpointFuel }]),
  );
  const lineages = new Map<number, Lineage>(replicas.map(([, id]) => [id, { id, segments: [] }]));
  for (const { lineage: id, account, toFuel } of segments)
    lineages.set(id, { id, segments: [...(lineages.get(id)?.segments ?? []), { account, toFuel }] });
  const state: UnitState = {
    ...entry.before,
    replicas: entry.before.replicas.map((replica) => ({ ...replica, ...byAccount.get(replica.account) })),
    lineages: [...lineages.values()].sort((left, right) => left.id - right.id),
  };
  return { ...entry, before: state, state, segments };
}

function flagsOf(state: UnitState): number {
  const { needsAll, lineages } = state;
  if (lineages.length === 0) return needsAll ? UNIT_FLAGS.needsAll : 0;
  const waits = waitingLineages(state).length > 0 ? UNIT_FLAGS.isLineageWaiting : 0;
  return UNIT_FLAGS.hasLineages + (needsAll ? UNIT_FLAGS.needsAll : 0) + waits;
}

export function detailOf({ details }: UnitEntry, account: number | null): ReplicaDetail | undefined {
  for (const detail of details) if (detail.account === account) return detail;
  return undefined;
}

/** Replaces the detail of its account and marks its row as changed. */
export function setDetail(entry: UnitEntry, detail: ReplicaDetail): void {
  const at = entry.details.findIndex(({ account }) => account === detail.account);
  if (at < 0) entry.details.push(detail);
  else entry.details[at] = detail;
  markDirty(entry, detail.account);
}

export function markDirty({ dirty }: UnitEntry, account: number): void {
  if (!dirty.includes(account)) dirty.push(account);
}

export function unitColumns(state: UnitState): UnitColumns {
  const { phase, attempts, hostFailures, canonicalAccount, code } = state;
  const number = PHASES.indexOf(phase);
  return [
    number,
    wantedCount(state),
    runningCount(state),
    attempts,
    hostFailures,
    canonicalAccount,
    code,
    flagsOf(state),
  ];
}

export function replicaTuple(
  unitId: number,
  { phase, failures, network, isOverdue }: Replica,
  detail: ReplicaDetail,
): ReplicaTuple {
  const { account, host, lease, digest, bundleBytes, bundleId, elapsedMs, fuel } = detail;
  const state = REPLICA_PHASES.indexOf(phase);
  const words = [digest, bundleBytes, bundleId, elapsedMs, failures, fuel] as const;
  return [unitId, account, host, lease, state, ...words, network, isOverdue ? 1 : 0];
}

export function replicaExtras({ lineage, checkpointFuel }: Replica, { chain }: ReplicaDetail): ReplicaExtras {
  return { lineage, checkpointFuel, chain };
}

/** Whether the unit has become eligible for some account. */
export function isReopened({ before, state }: UnitEntry): boolean {
  const wanted = wantedCount(state);
  if (wanted === 0) return false;
  if (wanted > wantedCount(before)) return true;
  // Searches for units that are leased like all others pass by those that are leased apart, and the other way round.
  if (flagsOf(before) !== flagsOf(state)) return true;
  // A returned, expired or failed replica frees its party even when the number wanted stays the same.
  return state.replicas.some(
    (replica) =>
      !isBarred(replica) &&
      before.replicas.some((old) => old.account === replica.account && old.phase !== replica.phase),
  );
}

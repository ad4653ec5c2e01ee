// One unit within a transaction: its rows, read as the state of the domain, and what is to be written back.
import { REPLICA_PHASES, type ReplicaTuple } from '../storage/sqlite/replicas.js';
import { PHASES, type UnitColumns, type UnitTuple } from '../storage/sqlite/units.js';
import { freshUnit, isBarred, type Replica, runningCount, type UnitState, wantedCount } from './domain/unit-state.js';

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
};

/** The entry of a unit that has no row yet. */
export function freshEntry(id: number, quorum: number): UnitEntry {
  const state = freshUnit(quorum);
  return { id, before: state, state, details: [], dirty: [], isReset: false };
}

/** The entry of a unit from its row and the rows of its replicas: those of `replicas` between two positions. */
export function readEntry(
  row: UnitTuple,
  { replicas, from, to }: { replicas: readonly ReplicaTuple[]; from: number; to: number },
  quorum: number,
): UnitEntry {
  const [id, phase, , , attempts, hostFailures, canonicalAccount, code] = row;
  const details: ReplicaDetail[] = [];
  const own: Replica[] = [];
  for (let at = from; at < to; at++) {
    const tuple = replicas[at];
    if (!tuple) continue;
    const [, account, host, lease, state, digest, bundleBytes, bundleId, elapsedMs, failures] = tuple;
    details.push({ account, host, lease, digest, bundleBytes, bundleId, elapsedMs });
    own.push({
      account,
      phase: REPLICA_PHASES[state] ?? 'expired',
      verdict: digest,
      hasBytes: bundleId !== null,
      failures,
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
  };
  return { id, before: state, state, details, dirty: [], isReset: false };
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
  return [number, wantedCount(state), runningCount(state), attempts, hostFailures, canonicalAccount, code];
}

export function replicaTuple(unitId: number, { phase, failures }: Replica, detail: ReplicaDetail): ReplicaTuple {
  const { account, host, lease, digest, bundleBytes, bundleId, elapsedMs } = detail;
  const state = REPLICA_PHASES.indexOf(phase);
  return [unitId, account, host, lease, state, digest, bundleBytes, bundleId, elapsedMs, failures];
}

/** Whether the unit has become eligible for some account. */
export function isReopened({ before, state }: UnitEntry): boolean {
  const wanted = wantedCount(state);
  if (wanted === 0) return false;
  if (wanted > wantedCount(before)) return true;
  // A returned, expired or failed replica frees its account even when the number wanted stays the same.
  return state.replicas.some(
    (replica) =>
      !isBarred(replica) &&
      before.replicas.some((old) => old.account === replica.account && old.phase !== replica.phase),
  );
}

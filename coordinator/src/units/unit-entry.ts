// One unit within a transaction: its rows, read as the state of the domain, and written back from it.

import { REPLICA_PHASES, type ReplicaTuple } from '../storage/sqlite/replicas.js';
import { PHASES, type UnitColumns, type UnitTuple } from '../storage/sqlite/units.js';
import {
  bucketOf,
  freshUnit,
  type Replica,
  type ReplicaPhase,
  runningCount,
  type UnitState,
  wantedCount,
} from './domain/unit-state.js';

/** `bundle_id` of a bundle that is a file; other values are rows. */
export const BUNDLE_IN_FILE = 0;

/** What storage keeps of a replica beside what the domain decides on. */
export type ReplicaDetail = {
  host: number;
  lease: number;
  digest: Buffer | null;
  bundleBytes: number | null;
  bundleId: number | null;
  elapsedMs: number | null;
};

export type UnitEntry = {
  readonly id: number;
  /** As the transaction found it. */
  readonly before: UnitState;
  state: UnitState;
  readonly details: Map<number, ReplicaDetail>;
  /** Accounts whose replica rows differ from the database. */
  readonly dirty: Set<number>;
  isReset: boolean;
};

const phaseNumber = (phase: UnitState['phase']): number => PHASES.indexOf(phase);
const replicaNumber = (phase: ReplicaPhase): number => REPLICA_PHASES.indexOf(phase);

/** The entry of a unit that has no row yet. */
export function freshEntry(id: number, quorum: number): UnitEntry {
  const state = freshUnit(quorum);
  return { id, before: state, state, details: new Map(), dirty: new Set(), isReset: false };
}

/** The entry of a unit from its row and the rows of its replicas. */
export function readEntry(row: UnitTuple, replicas: readonly ReplicaTuple[], quorum: number): UnitEntry {
  const [id, phase, , , attempts, hostFailures, canonicalAccount, code] = row;
  const details = new Map<number, ReplicaDetail>();
  const state: UnitState = {
    phase: PHASES[phase] ?? 'failed',
    quorum,
    replicas: replicas.map((tuple) => readReplica(tuple, details)),
    attempts,
    hostFailures,
    canonicalAccount,
    code,
  };
  return { id, before: state, state, details, dirty: new Set(), isReset: false };
}

function readReplica(tuple: ReplicaTuple, details: Map<number, ReplicaDetail>): Replica {
  const [, account, host, lease, state, digest, bundleBytes, bundleId, elapsedMs] = tuple;
  details.set(account, { host, lease, digest, bundleBytes, bundleId, elapsedMs });
  const phase = REPLICA_PHASES[state] ?? 'expired';
  return { account, phase, verdict: digest === null ? null : digest.toString('latin1'), hasBytes: bundleId !== null };
}

export function unitColumns(state: UnitState): UnitColumns {
  const { phase, attempts, hostFailures, canonicalAccount, code } = state;
  return [phaseNumber(phase), wantedCount(state), runningCount(state), attempts, hostFailures, canonicalAccount, code];
}

export function replicaTuple(unitId: number, { account, phase }: Replica, detail: ReplicaDetail): ReplicaTuple {
  const { host, lease, digest, bundleBytes, bundleId, elapsedMs } = detail;
  return [unitId, account, host, lease, replicaNumber(phase), digest, bundleBytes, bundleId, elapsedMs];
}

/** Whether the unit has become eligible for some account. */
export function isReopened({ before, state }: UnitEntry): boolean {
  if (wantedCount(state) > wantedCount(before)) return true;
  // A returned or expired replica frees its account even when the number wanted stays the same.
  return (
    wantedCount(state) > 0 &&
    state.replicas.some(
      ({ account, phase }) =>
        (phase === 'expired' || phase === 'returned') &&
        before.replicas.some((old) => old.account === account && old.phase !== phase),
    )
  );
}

export { bucketOf };

// The state of one unit and what follows from it: who is on it, who may join, which bucket people see it in. See SPEC.md.
import type { UnitState as PublicState } from '@manyhands/contract';

/** `open`: computed and compared. `agreed`: a digest has its quorum, the bytes are not durable yet. `held`: it only ever runs out, nobody gets it any more. */
type UnitPhase = 'open' | 'agreed' | 'accepted' | 'failed' | 'held';

export type ReplicaPhase =
  | 'running'
  | 'succeeded'
  | 'unit-failed'
  | 'host-failed'
  | 'expired'
  | 'returned'
  | 'handed-over';

/** Who may speak for a unit. Two of them are one where one of the three is the same: see kin.ts. */
export type Party = {
  /** Row id of the account. */
  readonly account: number;
  /** Row id of the host: its key counts once, whatever account it names. */
  readonly host: number;
  /** The network that it came from; 0: one in which computers are independent of each other. */
  readonly network: number;
};

/** The one replica that an account has or had of the unit. */
export type Replica = Party & {
  readonly phase: ReplicaPhase;
  /** What the replica says: a result digest or a failure, and the fuel, as a text equal for equal statements. Null until it said something. */
  readonly verdict: string | null;
  /** Whether the bundle that it names is durable here. */
  readonly hasBytes: boolean;
  /** How often the account's hosts could not run the unit. */
  readonly failures: number;
  /** The lineage that it continues, begins or has contributed to; null for one that nobody else works on. */
  readonly lineage: number | null;
  /** Fuel of the checkpoint that it left here while it runs; null: none. */
  readonly checkpointFuel: number | null;
  /** Runs for so long that somebody else may have the unit too. */
  readonly isOverdue: boolean;
};

/** A part of one replica's work: what one host did until it handed over. It begins where the one before it ends. */
export type Segment = { readonly account: number; readonly toFuel: number };
/** Hosts that work on one replica one after the other: one vote, that of the last. `segments` are those that have handed over, oldest first. */
export type Lineage = { readonly id: number; readonly segments: readonly Segment[] };

export type UnitState = {
  readonly phase: UnitPhase;
  /** Independent parties that must say the same. */
  readonly quorum: number;
  readonly replicas: readonly Replica[];
  /** Replicas that run, have made a statement or failed. Those that ran out or were given back are left out: they say nothing of the unit. */
  readonly attempts: number;
  readonly hostFailures: number;
  /** The account whose bundle is the result; set once agreed. */
  readonly canonicalAccount: number | null;
  /** Why the unit failed or is held. */
  readonly code: string | null;
  /** The unit is leased with the build `all` from now on. */
  readonly needsAll: boolean;
  readonly lineages: readonly Lineage[];
};

/** Beyond these many replicas the hosts disagree for good (MH-VAL-002). */
export const attemptsMaximum = (quorum: number): number => 2 * quorum + 4;
/** How often one party may fail to run a unit before it is barred from it: a passing fault of a host is forgiven, a lasting one is not. */
export const FAILURES_PER_PARTY_MAXIMUM = 3;
/**
 * Beyond these many host failures nobody can run the unit (MH-VAL-003). As many parties as must agree can use it up between them, so that a unit
 * that nobody can run ends even where there are no others; fewer cannot, so that one broken host, or one person with many, ends nothing that needs two.
 */
export const hostFailuresMaximum = (quorum: number): number => FAILURES_PER_PARTY_MAXIMUM * quorum;

/** A unit that nobody has leased yet. */
export function freshUnit(quorum: number): UnitState {
  return {
    ...{ phase: 'open', quorum, replicas: [], attempts: 0, hostFailures: 0, canonicalAccount: null, code: null },
    ...{ needsAll: false, lineages: [] },
  };
}

export function isSettled({ phase }: UnitState): boolean {
  return phase === 'accepted' || phase === 'failed';
}

export function runningCount({ replicas }: UnitState): number {
  let count = 0;
  for (const { phase } of replicas) if (phase === 'running') count++;
  return count;
}

/** Replicas that are counted on: those that are overdue may still come, but nobody waits for them. */
function expectedCount({ replicas }: UnitState): number {
  let count = 0;
  for (const { phase, isOverdue } of replicas) if (phase === 'running' && !isOverdue) count++;
  return count;
}

/** Whether the replica speaks for its account: a statement that counts in the vote. */
export function isVote({ phase }: Replica): boolean {
  return phase === 'succeeded' || phase === 'unit-failed';
}

/** Whether the replica bars its party from beginning the unit (again): it is at it, has voted, did a part of another's replica, or could not run it too often. */
export function isBarred({ phase, failures }: Replica): boolean {
  if (phase === 'host-failed') return failures >= FAILURES_PER_PARTY_MAXIMUM;
  return phase !== 'expired' && phase !== 'returned';
}

/** The statement most accounts make; at equal counts the one made first in the order of the replicas. */
export function leadingVerdict(state: UnitState): { verdict: string | null; votes: number } {
  let leader: { verdict: string | null; votes: number } = { verdict: null, votes: 0 };
  for (const replica of state.replicas) {
    if (!isVote(replica) || replica.verdict === leader.verdict) continue;
    const votes = votesFor(state, replica.verdict);
    if (votes > leader.votes) leader = { verdict: replica.verdict, votes };
  }
  return leader;
}

function votesFor({ replicas }: UnitState, verdict: string | null): number {
  let votes = 0;
  for (const replica of replicas) if (isVote(replica) && replica.verdict === verdict) votes++;
  return votes;
}

/** How many more replicas may be leased now. */
export function wantedCount(state: UnitState): number {
  if (state.phase !== 'open') return 0;
  const missing = state.quorum - leadingVerdict(state).votes - expectedCount(state);
  return Math.max(0, Math.min(missing, attemptsMaximum(state.quorum) - state.attempts));
}

/** What people see; those held are among those that wait. */
export type UnitBucket = PublicState | 'held';

/** In which state people see the unit. `checking`: reported on, but not enough yet, or agreed and its bytes on their way. */
export function bucketOf(state: UnitState): UnitBucket {
  const { phase } = state;
  if (phase === 'accepted' || phase === 'failed' || phase === 'held') return phase;
  if (phase === 'agreed') return 'checking';
  if (runningCount(state) > 0) return 'running';
  return state.replicas.some(isVote) ? 'checking' : 'waiting';
}

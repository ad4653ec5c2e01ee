// What hosts leave for others: checkpoints kept, refused, or of no use because the unit needs its other build.
import { HAND_OVERS_MAXIMUM } from '@manyhands/contract';
import { baseFuelOf, endLineage, stopReplica } from './lineage.js';
import {
  alive,
  type Checkpointed,
  CONTRADICTION,
  DUPLICATE,
  decided,
  LATE,
  NO_PROGRESS,
  NOT_LEASED,
  type Refused,
  TOO_MANY_HANDS,
  type UnitTransition,
  unchanged,
  withReplica,
} from './unit-events.js';
import { isSettled, isVote, type Replica, type UnitState } from './unit-state.js';

/** The same for every host: no failure of anybody. A checkpoint of the one build is of no use to the other. */
export function needAll(state: UnitState, account: number): UnitTransition {
  const before = state.replicas.find((replica) => replica.account === account);
  if (isSettled(state)) return unchanged(state, LATE);
  if (!before) return unchanged(state, NOT_LEASED);
  if (before.phase !== 'running') return unchanged(state, isVote(before) ? CONTRADICTION : DUPLICATE);
  const { lineages, replicas } = endLineage(state, before.lineage);
  const returned: Replica = { ...before, phase: 'returned', lineage: null, checkpointFuel: null };
  const attempts = state.attempts - 1;
  return decided({
    ...alive(state),
    needsAll: true,
    attempts,
    lineages,
    replicas: withReplica({ replicas }, returned),
  });
}

/** A host left a checkpoint: kept while it goes on, and offered to others when it stops. */
export function keepCheckpoint(
  state: UnitState,
  { type, account, fuel, lineage: newId }: Checkpointed,
): UnitTransition {
  const before = state.replicas.find((replica) => replica.account === account);
  if (isSettled(state)) return unchanged(state, LATE);
  if (before?.phase !== 'running') return unchanged(state, NOT_LEASED);
  if (fuel <= baseFuelOf(state, before) || fuel < (before.checkpointFuel ?? 0)) return unchanged(state, NO_PROGRESS);
  const found = state.lineages.find(({ id }) => id === before.lineage);
  if ((found?.segments.length ?? 0) >= HAND_OVERS_MAXIMUM) return unchanged(state, TOO_MANY_HANDS);
  const lineages = found ? state.lineages : [...state.lineages, { id: newId, segments: [] }];
  const kept: Replica = { ...before, lineage: found?.id ?? newId, checkpointFuel: fuel };
  const next = { ...alive(state), lineages, replicas: withReplica(state, kept) };
  if (type === 'checkpointed') return decided(next);
  const stopped = stopReplica(next, account, 'returned');
  return decided({
    ...next,
    attempts: state.attempts - 1,
    replicas: stopped.replicas,
    lineages: stopped.lineages,
  });
}

/**
 * The unit is computed from its start by somebody. Whether the predecessor left rubbish or the successor lies nobody can tell: it counts against both, so
 * that neither can do it for ever. It took an attempt, that of the lineage; a checkpoint that is gone takes none.
 */
export function refuseCheckpoint(state: UnitState, { account, isGone }: Refused): UnitTransition {
  const before = state.replicas.find((replica) => replica.account === account);
  if (isSettled(state)) return unchanged(state, LATE);
  if (before?.phase !== 'running' || before.lineage === null) return unchanged(state, NOT_LEASED);
  const signer = state.lineages.find(({ id }) => id === before.lineage)?.segments.at(-1)?.account;
  if (signer === undefined) return unchanged(state, NOT_LEASED);
  const { lineages, replicas } = endLineage(state, before.lineage);
  if (isGone) return decided({ ...state, attempts: state.attempts - 1, lineages, replicas });
  const suspects = new Set([signer, account]);
  return decided({
    ...state,
    lineages,
    hostFailures: state.hostFailures + 1,
    replicas: replicas.map((replica) =>
      suspects.has(replica.account) ? { ...replica, phase: 'host-failed', failures: replica.failures + 1 } : replica,
    ),
  });
}

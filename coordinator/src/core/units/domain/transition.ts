// The life of a unit as (state, event) -> {state, reply, effects}. No clock is needed: time enters as the events of leases. See SPEC.md.
//
//            leased              votes reach the quorum            bytes durable
//   open ─────────────> open ───────────────────────────> agreed ──────────────> accepted
//    ^  └── q equal unit failures, or bounds used up ──┐    │ bytes lost with all custodians
//    │                                                 v    v
//    ├──────────────── retried ───────────────────── failed / open
//    └── retried, or something is heard of it ────── held (from open: it only ever ran out)

import { keepCheckpoint, needAll, refuseCheckpoint } from './continuation.js';
import { settle } from './decide.js';
import { hasSpokenKin, mayBegin, runningKin } from './kin.js';
import { endLineage, lineageFor, stopReplica, waitingLineages } from './lineage.js';
import {
  alive,
  CONTRADICTION,
  DONE,
  type Doubt,
  DUPLICATE,
  decided,
  type EndCode,
  LATE,
  type Leased,
  NOT_ELIGIBLE,
  NOT_LEASED,
  type Report,
  type UnitEvent,
  type UnitTransition,
  unchanged,
  withReplica,
} from './unit-events.js';
import {
  FAILURES_PER_PARTY_MAXIMUM,
  isBarred,
  isSettled,
  isVote,
  type Party,
  type Replica,
  type UnitState,
} from './unit-state.js';

/** Why a held unit is held. */
const HELD_CODE = 'MH-VAL-008';

/** The next state. Events that do not apply leave the state as it is and say why in the reply. */
export function nextUnit(state: UnitState, event: UnitEvent): UnitTransition {
  switch (event.type) {
    case 'leased':
      return lease(state, event);
    case 'succeeded':
    case 'unit-failed':
    case 'host-failed':
      return report(state, event);
    case 'expired':
    case 'returned':
      return giveBack(state, event);
    case 'overdue':
      return markOverdue(state, event.account);
    case 'needs-all':
      return needAll(state, event.account);
    case 'checkpointed':
    case 'handed-over':
      return keepCheckpoint(state, event);
    case 'checkpoint-refused':
      return refuseCheckpoint(state, event);
    case 'bytes-stored':
      return storeBytes(state, event.account);
    case 'bytes-lost':
    case 'bytes-wrong':
    case 'banned':
      return dropVote(state, event);
    case 'quorum-changed':
      return isSettled(state) ? unchanged(state, LATE) : decided({ ...state, quorum: event.quorum });
    case 'ended':
      return isSettled(state) ? unchanged(state, LATE) : end(state, event.code);
    case 'held':
      return hold(state);
    case 'retried':
      return retry(state);
  }
}

function lease(state: UnitState, { account, host, network, lineage: lineageId }: Leased): UnitTransition {
  if (state.phase !== 'open') return unchanged(state, state.phase === 'held' ? NOT_ELIGIBLE : LATE);
  const party: Party = { account, host, network };
  const isEligible = lineageId === undefined ? mayBegin(state, party) : lineageFor(state, party)?.id === lineageId;
  if (!isEligible) return unchanged(state, NOT_ELIGIBLE);
  const replica: Replica = {
    ...{ ...party, phase: 'running', verdict: null, hasBytes: false, failures: failuresOf(state, account) },
    ...{ lineage: lineageId ?? null, checkpointFuel: null, isOverdue: false },
  };
  return {
    state: { ...state, attempts: state.attempts + 1, replicas: withReplica(state, replica) },
    reply: DONE,
    effects: [],
  };
}

function report(state: UnitState, event: Report): UnitTransition {
  const before = state.replicas.find(({ account }) => account === event.account);
  if (!before) return unchanged(state, isSettled(state) ? LATE : NOT_LEASED);
  const verdict = event.type === 'host-failed' ? null : event.verdict;
  if (before.phase === event.type && before.verdict === verdict) return unchanged(state, DUPLICATE);
  if (isVote(before) || before.phase === 'host-failed') return unchanged(state, CONTRADICTION);
  if (isSettled(state) || (before.phase === 'handed-over' && !maySpeakAfterAll(state, before, event)))
    return unchanged(state, LATE);
  const isRunning = before.phase === 'running';
  // Why a host did not come to the end of what was taken from it says nothing of the unit.
  if (event.type === 'host-failed') return isRunning ? failHost(state, before) : unchanged(state, LATE);
  if (hasSpokenKin(state, event)) return silence(state, event, before);
  // A late receipt counts until the unit is settled: the work is done, and the party has not voted.
  const hasBytes = event.type === 'succeeded' && event.hasBytes;
  const { account, host, network } = event;
  const spoken: Replica = { ...before, account, host, network, phase: event.type, verdict, hasBytes };
  const alone = endRunning(alive(state), runningKin(state, event));
  const attempts = isRunning ? alone.attempts : alone.attempts + 1;
  return decided({ ...alone, attempts, replicas: withReplica(alone, spoken) });
}

/** Its vote is cast already, under another name: what it says now is one more word of the same, and takes nothing of the unit. */
function silence(state: UnitState, { host }: Party, before: Replica): UnitTransition {
  const isSpeaking = before.phase === 'running' && before.host === host;
  return isSpeaking ? { ...decided(endRunning(state, [before])), reply: LATE } : unchanged(state, LATE);
}

/** As if they had never been leased. */
function endRunning(state: UnitState, ended: readonly Replica[]): UnitState {
  let parts: Pick<UnitState, 'replicas' | 'lineages'> = state;
  for (const { account } of ended) parts = stopReplica(parts, account, 'returned');
  const { replicas, lineages } = parts;
  return { ...state, attempts: state.attempts - ended.length, replicas, lineages };
}

/** Whoever holds it may still come to its end; nobody waits for that any longer. */
function markOverdue(state: UnitState, account: number): UnitTransition {
  const before = state.replicas.find((replica) => replica.account === account);
  if (before?.phase !== 'running') return unchanged(state, isSettled(state) ? LATE : NOT_LEASED);
  if (before.isOverdue) return unchanged(state, DUPLICATE);
  return decided({ ...state, replicas: withReplica(state, { ...before, isOverdue: true }) });
}

/** Who was taken for gone, left a checkpoint and finishes nevertheless: its word counts as long as nobody has taken up the rest. */
function maySpeakAfterAll(state: UnitState, { account, lineage }: Replica, { type }: Report): boolean {
  const waiting = waitingLineages(state).find(({ id }) => id === lineage);
  return type !== 'host-failed' && waiting?.segments.at(-1)?.account === account;
}

function failHost(state: UnitState, before: Replica): UnitTransition {
  const failed = { ...before, failures: before.failures + 1 };
  const failing = { ...state, replicas: withReplica(state, failed) };
  const { replicas, lineages, isHandedOver } = stopReplica(failing, before.account, 'host-failed');
  const attempts = isHandedOver ? state.attempts - 1 : state.attempts;
  return decided({ ...state, attempts, hostFailures: state.hostFailures + 1, replicas, lineages });
}

function giveBack(
  state: UnitState,
  { account, type }: { account: number; type: 'expired' | 'returned' },
): UnitTransition {
  const before = state.replicas.find((replica) => replica.account === account);
  if (before?.phase !== 'running') return unchanged(state, isSettled(state) ? LATE : NOT_LEASED);
  // As if never leased: a computer that sleeps, pauses or leaves says nothing of the unit.
  const { replicas, lineages } = stopReplica(state, account, type);
  return decided({ ...state, attempts: state.attempts - 1, replicas, lineages });
}

function storeBytes(state: UnitState, account: number): UnitTransition {
  const replica = state.replicas.find((candidate) => candidate.account === account);
  if (isSettled(state)) return unchanged(state, LATE);
  if (replica?.phase !== 'succeeded') return unchanged(state, NOT_LEASED);
  if (replica.hasBytes) return unchanged(state, DUPLICATE);
  return decided({ ...state, replicas: withReplica(state, { ...replica, hasBytes: true }) });
}

function dropVote(state: UnitState, { type, account }: Doubt): UnitTransition {
  const replica = state.replicas.find((candidate) => candidate.account === account);
  if (isSettled(state)) return unchanged(state, LATE);
  if (replica?.phase !== 'succeeded' && !(type === 'banned' && replica && isBarred(replica)))
    return unchanged(state, NOT_LEASED);
  if (type !== 'banned' && replica?.hasBytes) return unchanged(state, NOT_LEASED);
  // A statement without its bytes is worth nothing. Who lost them may compute the unit anew, who sent others has failed.
  const reopened: UnitState = { ...state, phase: state.phase === 'held' ? 'held' : 'open', canonicalAccount: null };
  if (type === 'bytes-lost') {
    // Its attempt is given back: nobody uses up a unit by saying again and again that its results are gone.
    const { replicas, lineages } = stopReplica(state, account, 'expired');
    return decided({ ...reopened, attempts: state.attempts - 1, replicas, lineages });
  }
  const hostFailures = state.hostFailures + (type === 'bytes-wrong' ? 1 : 0);
  const { replicas, lineages } = strikeOut(state, replica);
  const attempts = state.attempts - interruptedCount(state.replicas, replicas);
  return decided({ ...reopened, hostFailures, attempts, replicas, lineages });
}

/** No second chance for a liar. What it had a part in is not continued; a statement that others agree with by themselves stands. */
function strikeOut(state: UnitState, replica: Replica): Pick<UnitState, 'replicas' | 'lineages'> {
  const { account, lineage } = replica;
  const { segments = [] } = state.lineages.find(({ id }) => id === lineage) ?? {};
  const hasPart = replica.checkpointFuel !== null || segments.some((segment) => segment.account === account);
  const isSpokenFor = state.replicas.some(
    (other) => other.account !== account && other.lineage === lineage && isVote(other),
  );
  const { replicas, lineages } = hasPart && !isSpokenFor ? endLineage(state, lineage) : state;
  const struck: Replica = {
    ...{ ...replica, phase: 'host-failed', verdict: null, hasBytes: false, failures: FAILURES_PER_PARTY_MAXIMUM },
    ...{ lineage: null, checkpointFuel: null },
  };
  return { lineages, replicas: withReplica({ replicas }, struck) };
}

function end(state: UnitState, code: EndCode): UnitTransition {
  return {
    state: { ...state, phase: 'failed', code, canonicalAccount: null, replicas: settle(state) },
    reply: DONE,
    effects: [{ type: 'failed', code }],
  };
}

/** Running replicas go on: they may still show that it can be done. */
function hold(state: UnitState): UnitTransition {
  if (state.phase !== 'open') return unchanged(state, LATE);
  return { state: { ...state, phase: 'held', code: HELD_CODE }, reply: DONE, effects: [] };
}

function retry(state: UnitState): UnitTransition {
  if (state.phase === 'held') return decided(alive(state));
  if (state.phase !== 'failed') return unchanged(state, LATE);
  const { quorum } = state;
  return {
    state: { ...state, phase: 'open', quorum, replicas: [], attempts: 0, hostFailures: 0, code: null, lineages: [] },
    reply: DONE,
    effects: [],
  };
}

/** Replicas that ran, and end because that of another is struck out. */
function interruptedCount(before: readonly Replica[], after: readonly Replica[]): number {
  let count = 0;
  for (const { account, phase } of before)
    if (phase === 'running' && after.some((replica) => replica.account === account && replica.phase === 'expired'))
      count++;
  return count;
}

function failuresOf({ replicas }: UnitState, account: number): number {
  return replicas.find((replica) => replica.account === account)?.failures ?? 0;
}

// The life of a unit as (state, event) -> {state, reply, effects}. No clock is needed: time enters as the events of leases. See SPEC.md.
//
//            leased              votes reach the quorum            bytes durable
//   open ─────────────> open ───────────────────────────> agreed ──────────────> accepted
//    ^  └── q equal unit failures, or bounds used up ──┐    │ bytes lost with all custodians
//    │                                                 v    v
//    └──────────────── retried ───────────────────── failed / open
import { type AgreementEffect, decide, settle } from '../../validation/domain/decide.js';
import {
  FAILURES_PER_ACCOUNT_MAXIMUM,
  isBarred,
  isSettled,
  isVote,
  type Replica,
  type UnitState,
} from './unit-state.js';

/** Why a unit ends without hosts saying so. */
export type EndCode = 'MH-VAL-004' | 'MH-VAL-005' | 'MH-VAL-006';

/** What a host says of its replica. */
type Report =
  | { readonly type: 'succeeded'; readonly account: number; readonly verdict: string; readonly hasBytes: boolean }
  | { readonly type: 'unit-failed'; readonly account: number; readonly verdict: string }
  | { readonly type: 'host-failed'; readonly account: number };
/** Why a replica's statement stops counting: its bytes are gone, are others, or its host is banned. */
type Doubt = { readonly type: 'bytes-lost' | 'bytes-wrong' | 'banned'; readonly account: number };

export type UnitEvent =
  | Report
  | Doubt
  | { readonly type: 'leased' | 'bytes-stored'; readonly account: number }
  | { readonly type: 'expired' | 'returned'; readonly account: number }
  | { readonly type: 'quorum-changed'; readonly quorum: number }
  | { readonly type: 'ended'; readonly code: EndCode }
  | { readonly type: 'retried' };

export type UnitEffect = AgreementEffect;

/** What the sender of the event hears. `noted` events are ours and have no sender. */
export type UnitReply =
  | { readonly status: 'done'; readonly code: null | 'MH-RCP-001' }
  | { readonly status: 'settled'; readonly code: 'MH-RCP-002' }
  | { readonly status: 'refused'; readonly code: 'MH-LSE-001' | 'MH-LSE-002' | 'MH-RCP-004' };

export type UnitTransition = {
  readonly state: UnitState;
  readonly reply: UnitReply;
  readonly effects: readonly UnitEffect[];
};

const DONE: UnitReply = { status: 'done', code: null };
const DUPLICATE: UnitReply = { status: 'done', code: 'MH-RCP-001' };
const LATE: UnitReply = { status: 'settled', code: 'MH-RCP-002' };
const CONTRADICTION: UnitReply = { status: 'refused', code: 'MH-RCP-004' };
const NOT_LEASED: UnitReply = { status: 'refused', code: 'MH-LSE-002' };
const NOT_ELIGIBLE: UnitReply = { status: 'refused', code: 'MH-LSE-001' };

/** The next state. Events that do not apply leave the state as it is and say why in the reply. */
export function nextUnit(state: UnitState, event: UnitEvent): UnitTransition {
  switch (event.type) {
    case 'leased':
      return lease(state, event.account);
    case 'succeeded':
    case 'unit-failed':
    case 'host-failed':
      return report(state, event);
    case 'expired':
    case 'returned':
      return giveBack(state, event.account, event.type);
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
    case 'retried':
      return retry(state);
  }
}

function unchanged(state: UnitState, reply: UnitReply): UnitTransition {
  return { state, reply, effects: [] };
}

function decided(state: UnitState): UnitTransition {
  const { state: next, effects } = decide(state);
  return { state: next, reply: DONE, effects };
}

function lease(state: UnitState, account: number): UnitTransition {
  if (state.phase !== 'open') return unchanged(state, LATE);
  if (state.replicas.some((replica) => replica.account === account && isBarred(replica)))
    return unchanged(state, NOT_ELIGIBLE);
  const failures = failuresOf(state, account);
  const replica: Replica = { account, phase: 'running', verdict: null, hasBytes: false, failures };
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
  if (isSettled(state)) return unchanged(state, LATE);
  // A late receipt counts until the unit is settled: the work is done, and the account has not voted.
  const hasBytes = event.type === 'succeeded' && event.hasBytes;
  const failed = event.type === 'host-failed' ? 1 : 0;
  const failures = before.failures + failed;
  const replicas = withReplica(state, { account: event.account, phase: event.type, verdict, hasBytes, failures });
  const hostFailures = state.hostFailures + failed;
  return decided({ ...state, hostFailures, replicas });
}

function giveBack(state: UnitState, account: number, phase: 'expired' | 'returned'): UnitTransition {
  const before = state.replicas.find((replica) => replica.account === account);
  if (before?.phase !== 'running') return unchanged(state, isSettled(state) ? LATE : NOT_LEASED);
  const attempts = phase === 'returned' ? state.attempts - 1 : state.attempts; // given back unbegun: as if never leased
  return decided({ ...state, attempts, replicas: withReplica(state, { ...before, phase }) });
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
  const phase = type === 'bytes-lost' ? 'expired' : 'host-failed';
  const hostFailures = state.hostFailures + (type === 'bytes-wrong' ? 1 : 0);
  const failures = type === 'bytes-lost' ? failuresOf(state, account) : FAILURES_PER_ACCOUNT_MAXIMUM; // no second chance for a liar
  const replicas = withReplica(state, { account, phase, verdict: null, hasBytes: false, failures });
  return decided({ ...state, phase: 'open', canonicalAccount: null, hostFailures, replicas });
}

function end(state: UnitState, code: EndCode): UnitTransition {
  return {
    state: { ...state, phase: 'failed', code, canonicalAccount: null, replicas: settle(state) },
    reply: DONE,
    effects: [{ type: 'failed', code }],
  };
}

function retry(state: UnitState): UnitTransition {
  if (state.phase !== 'failed') return unchanged(state, LATE);
  const { quorum } = state;
  return {
    state: { ...state, phase: 'open', quorum, replicas: [], attempts: 0, hostFailures: 0, code: null },
    reply: DONE,
    effects: [],
  };
}

function failuresOf({ replicas }: UnitState, account: number): number {
  return replicas.find((replica) => replica.account === account)?.failures ?? 0;
}

function withReplica({ replicas }: UnitState, replica: Replica): readonly Replica[] {
  const at = replicas.findIndex(({ account }) => account === replica.account);
  return at < 0 ? [...replicas, replica] : replicas.with(at, replica);
}

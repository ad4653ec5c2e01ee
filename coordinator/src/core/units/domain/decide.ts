// Validation by quorum: what the statements on a unit add up to. Called after every event that changes them. See SPEC.md.
import {
  attemptsMaximum,
  hostFailuresMaximum,
  leadingVerdict,
  type Replica,
  runningCount,
  type UnitState,
} from './unit-state.js';

export type AgreementEffect =
  /** The bundle is durable: the agreeing accounts are credited. */
  | { readonly type: 'accepted'; readonly canonicalAccount: number; readonly credited: readonly number[] }
  /** Ask one of the custodians for the bundle. */
  | { readonly type: 'bundle-wanted'; readonly custodians: readonly number[] }
  | { readonly type: 'failed'; readonly code: string };

export type Decision = { readonly state: UnitState; readonly effects: readonly AgreementEffect[] };

/** Settles, agrees or leaves open. Settled units are returned as they are. */
export function decide(state: UnitState): Decision {
  if (state.phase === 'accepted' || state.phase === 'failed') return { state, effects: [] };
  const { verdict, votes } = leadingVerdict(state);
  if (votes >= state.quorum && verdict !== null) {
    const agreeing = state.replicas.filter((replica) => replica.verdict === verdict);
    return agreeing[0]?.phase === 'unit-failed' ? fail(state, 'MH-VAL-001') : agree(state, agreeing);
  }
  const open: UnitState = state.phase === 'agreed' ? { ...state, phase: 'open', canonicalAccount: null } : state;
  return giveUp(open, votes) ?? { state: open, effects: [] };
}

function agree(state: UnitState, agreeing: readonly Replica[]): Decision {
  const durable = agreeing.find(({ hasBytes }) => hasBytes);
  const canonicalAccount = (durable ?? agreeing[0])?.account ?? null;
  if (!durable) {
    const wasAgreed = state.phase === 'agreed';
    return {
      state: { ...state, phase: 'agreed', code: null, canonicalAccount },
      effects: wasAgreed ? [] : [{ type: 'bundle-wanted', custodians: agreeing.map(({ account }) => account) }],
    };
  }
  return {
    state: { ...state, phase: 'accepted', code: null, canonicalAccount, replicas: settle(state) },
    effects: [
      { type: 'accepted', canonicalAccount: durable.account, credited: agreeing.map(({ account }) => account) },
    ],
  };
}

function giveUp(state: UnitState, votes: number): Decision | undefined {
  if (state.hostFailures >= hostFailuresMaximum(state.quorum)) return fail(state, 'MH-VAL-003');
  const running = runningCount(state);
  const missing = state.quorum - votes - running;
  const isExhausted = missing > 0 && state.attempts >= attemptsMaximum(state.quorum) && running === 0;
  if (!isExhausted) return undefined;
  return fail(state, votes > 0 ? 'MH-VAL-002' : 'MH-VAL-003');
}

function fail(state: UnitState, code: string): Decision {
  return {
    state: { ...state, phase: 'failed', code, canonicalAccount: null, replicas: settle(state) },
    effects: [{ type: 'failed', code }],
  };
}

/** Replicas still running when their unit is settled end without having failed. */
export function settle({ replicas }: UnitState): readonly Replica[] {
  if (!replicas.some(({ phase }) => phase === 'running')) return replicas;
  return replicas.map((replica) => (replica.phase === 'running' ? { ...replica, phase: 'returned' } : replica));
}

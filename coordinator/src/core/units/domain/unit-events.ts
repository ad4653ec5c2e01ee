// What can happen to a unit, and what comes of it: the vocabulary of its state machine.
import { type AgreementEffect, decide } from './decide.js';
import type { Party, Replica, UnitState } from './unit-state.js';

/** Why a unit ends without hosts saying so. */
export type EndCode = 'MH-VAL-004' | 'MH-VAL-005' | 'MH-VAL-006';

/** What a host says of its replica, and as which party it had leased it. */
export type Report = Party &
  (
    | { readonly type: 'succeeded'; readonly verdict: string; readonly hasBytes: boolean }
    | { readonly type: 'unit-failed'; readonly verdict: string }
    | { readonly type: 'host-failed' }
  );
/** Why a replica's statement stops counting: its bytes are gone, are others, or its host is banned. */
export type Doubt = { readonly type: 'bytes-lost' | 'bytes-wrong' | 'banned'; readonly account: number };
/** A host left a checkpoint that a successor may take up; after `handed-over` it does not go on itself. `lineage`: the id of a new one, if it begins one. */
export type Checkpointed = {
  readonly type: 'checkpointed' | 'handed-over';
  readonly account: number;
  readonly fuel: number;
  readonly lineage: number;
};
/** The successor cannot use what its predecessor left. Nobody is to blame for a checkpoint that is gone. */
export type Refused = { readonly type: 'checkpoint-refused'; readonly account: number; readonly isGone: boolean };
export type Leased = Party & { readonly type: 'leased'; readonly lineage?: number };

export type UnitEvent =
  | Report
  | Doubt
  | Leased
  | Checkpointed
  | Refused
  | { readonly type: 'bytes-stored' | 'needs-all'; readonly account: number }
  | { readonly type: 'expired' | 'returned'; readonly account: number }
  /** It runs for so long that somebody else may have the unit too (see units/domain/pace.ts). */
  | { readonly type: 'overdue'; readonly account: number }
  | { readonly type: 'quorum-changed'; readonly quorum: number }
  | { readonly type: 'ended'; readonly code: EndCode }
  /** It ran out too often, and nothing else is said of it (see leases/domain/lapses.ts). */
  | { readonly type: 'held' }
  | { readonly type: 'retried' };

export type UnitEffect = AgreementEffect;

/** What the sender of the event hears. `noted` events are ours and have no sender. */
export type UnitReply =
  | { readonly status: 'done'; readonly code: null | 'MH-RCP-001' }
  | { readonly status: 'settled'; readonly code: 'MH-RCP-002' }
  | { readonly status: 'refused'; readonly code: RefusalCode };
type RefusalCode = 'MH-LSE-001' | 'MH-LSE-002' | 'MH-RCP-004' | 'MH-CKP-003' | 'MH-CKP-007';

export type UnitTransition = {
  readonly state: UnitState;
  readonly reply: UnitReply;
  readonly effects: readonly UnitEffect[];
};

export const DONE: UnitReply = { status: 'done', code: null };
export const DUPLICATE: UnitReply = { status: 'done', code: 'MH-RCP-001' };
export const LATE: UnitReply = { status: 'settled', code: 'MH-RCP-002' };
export const CONTRADICTION: UnitReply = { status: 'refused', code: 'MH-RCP-004' };
export const NOT_LEASED: UnitReply = { status: 'refused', code: 'MH-LSE-002' };
export const NOT_ELIGIBLE: UnitReply = { status: 'refused', code: 'MH-LSE-001' };
export const NO_PROGRESS: UnitReply = { status: 'refused', code: 'MH-CKP-003' };
export const TOO_MANY_HANDS: UnitReply = { status: 'refused', code: 'MH-CKP-007' };

export function unchanged(state: UnitState, reply: UnitReply): UnitTransition {
  return { state, reply, effects: [] };
}

/** After an event that changes what the statements add up to. */
export function decided(state: UnitState): UnitTransition {
  const { state: next, effects } = decide(state);
  return { state: next, reply: DONE, effects };
}

/** Something was heard of the unit: whoever held it was wrong. */
export function alive(state: UnitState): UnitState {
  return state.phase === 'held' ? { ...state, phase: 'open', code: null } : state;
}

/** The replicas with that of one account replaced or added. */
export function withReplica({ replicas }: Pick<UnitState, 'replicas'>, replica: Replica): readonly Replica[] {
  const at = replicas.findIndex(({ account }) => account === replica.account);
  return at < 0 ? [...replicas, replica] : replicas.with(at, replica);
}

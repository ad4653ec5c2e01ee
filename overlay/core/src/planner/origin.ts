// When and what to ask of the coordinator's seed. It comes last: only for blocks that no connected peer has, and with patience for those it gave to others.
import type { Cid } from '@manyhands/contract';
import { CLAIM_CIDS_MAXIMUM, CLAIM_RETRY_MS, PATIENCE_ALONE_MS, REQUESTS_TO_ORIGIN_MAXIMUM } from '../limits.js';
import { patienceMs, progressMs } from './pace.js';
import { sendRequest } from './send.js';
import { dropRequest, hasCompany, hasFreeRequest, isUsable, usablePeers } from './state.js';
import type { BlockState, Effect, PlannerState } from './types.js';

type Turn = { now: number; effects: Effect[] };

/** Asks the seed to choose among the blocks that nobody else can give. One claim at a time. */
export function claimFromOrigin(state: PlannerState, active: readonly BlockState[], turn: Turn): void {
  const { now, effects } = turn;
  const isClaiming = [...state.origin.requests].some((id) => state.requests.get(id)?.cid === null);
  const count = Math.min(REQUESTS_TO_ORIGIN_MAXIMUM, state.origin.window) - state.origin.requests.size;
  if (isClaiming || count <= 0 || !hasFreeRequest(state)) return;
  if (!isUsable(state.origin, now) || now < state.claimRetryAtMs) return;
  const claimable = withoutHolder(state, active, now).filter(({ originFailures }) => originFailures < 2);
  const overdue = claimable.filter((block) => isPatienceOver(state, block, now));
  const isInsisting = overdue.length > 0;
  if (isInsisting) state.lastInsistMs = now;
  const chosen = (isInsisting ? overdue : claimable).sort((left, right) => left.rank - right.rank);
  const claimed = chosen.slice(0, CLAIM_CIDS_MAXIMUM).map(({ cid }) => cid);
  if (claimed.length === 0) return;
  const id = state.nextRequestId++;
  state.requests.set(id, { id, source: { kind: 'origin' }, cid: null, claimed, count, isInsisting, sentAtMs: now });
  state.origin.requests.add(id);
  effects.push({ type: 'claim', requestId: id, cids: claimed, count, isInsisting });
}

/** The seed has chosen: asks it for those blocks, and remembers which it keeps back for now. */
export function noteOffer(state: PlannerState, offer: { requestId: number; cids: readonly Cid[] }, turn: Turn): void {
  const claim = state.requests.get(offer.requestId);
  if (claim === undefined || claim.cid !== null) return;
  dropRequest(state, claim);
  const claimed = new Set(claim.claimed);
  const offered = new Set(offer.cids.filter((cid) => claimed.has(cid)));
  for (const cid of offered) {
    const block = state.blocks.get(cid);
    const isFree = block?.requests.size === 0 && state.origin.requests.size < REQUESTS_TO_ORIGIN_MAXIMUM;
    if (isFree && hasFreeRequest(state)) sendRequest(state, { source: { kind: 'origin' }, block }, turn);
  }
  if (offered.size >= Math.min(claimed.size, claim.count)) return;
  state.claimRetryAtMs = turn.now + CLAIM_RETRY_MS;
  for (const cid of claimed) {
    const block = state.blocks.get(cid);
    if (block === undefined || offered.has(cid)) continue;
    block.deferredSinceMs ??= turn.now;
    // Insisting is answered with everything the seed has, so what is left out is not there.
    if (claim.isInsisting) block.originFailures = 2;
  }
}

/** Active blocks under way nowhere and held by no usable peer. */
export function withoutHolder(state: PlannerState, active: readonly BlockState[], now: number): BlockState[] {
  const peers = usablePeers(state, now);
  return active.filter(({ requests, cid }) => requests.size === 0 && !peers.some(([, { has }]) => has.has(cid)));
}

function isPatienceOver(state: PlannerState, block: BlockState, now: number): boolean {
  if (state.isAlone) return true;
  if (block.deferredSinceMs === undefined) return false;
  if (!hasCompany(state)) {
    state.isAlone = now - block.deferredSinceMs >= PATIENCE_ALONE_MS && state.findRounds >= 2;
    return state.isAlone;
  }
  const patience = patienceMs(state, now - state.lastArrivalMs < progressMs(state));
  // While peers deliver, the origin only helps out: after each insisting claim the wait begins anew.
  const isFed = now - state.lastPeerArrivalMs < 2 * patience;
  const sinceMs = isFed ? Math.max(block.deferredSinceMs, state.lastInsistMs) : block.deferredSinceMs;
  return now - sinceMs >= patience;
}

// How a seed shares out a file: it gives each block to one peer first and lets the peers pass it on, so that little more than one copy leaves it.
import type { Cid } from '@manyhands/contract';
import { COPY_LIFE_MS, OFFER_LIFE_MS, SPREAD_MINIMUM_BYTES } from '../limits.js';

/** A block that went, or is about to go, to a peer. */
type Copy = { peer: string; untilMs: number };
/** What a seed remembers: which connected peers got which block. */
export type SpreadState = { readonly copies: Map<Cid, Copy[]> };

export type Claim = { peer: string; cids: readonly Cid[]; count: number; isInsisting: boolean };

/** A seed that has given nothing away. */
export function createSpread(): SpreadState {
  return { copies: new Map() };
}

/**
 * Chooses blocks for a claim: the least served ones first, ties in the order of the claim (fetchers shuffle it). A large block that another connected
 * peer has or is about to get is not offered unless the claim insists. `sizeOf` tells the size of a stored block, undefined when it is not there.
 */
export function chooseOffer(
  state: SpreadState,
  claim: Claim,
  context: { now: number; sizeOf(cid: Cid): number | undefined },
): Cid[] {
  const { now, sizeOf } = context;
  const candidates = [...new Set(claim.cids)].flatMap((cid) => {
    const sizeBytes = sizeOf(cid);
    if (sizeBytes === undefined) return [];
    const served = copiesElsewhere(state, { cid, peer: claim.peer, now });
    const isOpen = claim.isInsisting || served === 0 || sizeBytes < SPREAD_MINIMUM_BYTES;
    return isOpen ? [{ cid, served }] : [];
  });
  candidates.sort((left, right) => left.served - right.served);
  const chosen = candidates.slice(0, claim.count).map(({ cid }) => cid);
  for (const cid of chosen) remember(state, cid, { peer: claim.peer, untilMs: now + OFFER_LIFE_MS });
  return chosen;
}

/** A block was sent to a peer completely. */
export function noteServed(state: SpreadState, given: { cid: Cid; peer: string }, now: number): void {
  remember(state, given.cid, { peer: given.peer, untilMs: now + COPY_LIFE_MS });
}

/** A peer left: what it got counts for nothing any more. */
export function forgetPeer(state: SpreadState, peer: string): void {
  for (const [cid, copies] of state.copies)
    keep(
      state,
      cid,
      copies.filter((copy) => copy.peer !== peer),
    );
}

function copiesElsewhere(state: SpreadState, asked: { cid: Cid; peer: string; now: number }): number {
  const alive = (state.copies.get(asked.cid) ?? []).filter(({ untilMs }) => untilMs > asked.now);
  keep(state, asked.cid, alive);
  return alive.filter(({ peer }) => peer !== asked.peer).length;
}

function remember(state: SpreadState, cid: Cid, copy: Copy): void {
  const others = (state.copies.get(cid) ?? []).filter(({ peer }) => peer !== copy.peer);
  state.copies.set(cid, [...others, copy]);
}

function keep(state: SpreadState, cid: Cid, copies: Copy[]): void {
  if (copies.length > 0) state.copies.set(cid, copies);
  else state.copies.delete(cid);
}

// The fetch planner of one swarm: decides which block to ask of whom and when to fall back, so that fetches share out the load and never hang.
//
//   block:   wanted --active--> idle --request--> under way --arrived--> done
//                                ^                   |
//                                +--- failed/stalled-+        idle --gateway refuses--> given up
//   source:  known --connect--> connecting --opened--> open --failures--> backing off --> open;   wrong bytes: banned
import type { Cid } from '@manyhands/contract';
import { KNOWN_PEERS_MAXIMUM, PEER_FAILURES_MAXIMUM, TICK_MS } from '../limits.js';
import { failRequest } from './failures.js';
import { noteOffer } from './origin.js';
import { notePace } from './pace.js';
import { plan } from './plan.js';
import { backOff, createBlock, createSource, dropRequest, sessionOf, sourceOf } from './state.js';
import type { Effect, PlannerEvent, PlannerState, SourceState } from './types.js';

/**
 * Takes one event and says what to do. The state is updated in place and handed back; equal states, events and times give equal effects.
 * `now` is in milliseconds of any clock that does not run backwards.
 */
export function step(
  state: PlannerState,
  event: PlannerEvent,
  now: number,
): { state: PlannerState; effects: readonly Effect[] } {
  const effects: Effect[] = [];
  apply(state, event, { now, effects });
  // Bytes alone change no decision, and there are many such events.
  if (event.type !== 'activity') plan(state, { now, effects, event: event.type });
  return { state, effects };
}

/** When the planner wants the next `tick`: soon while blocks are wanted (so it never hangs), otherwise never. */
export function nextTickMs(state: PlannerState, now: number): number | null {
  return state.blocks.size > 0 ? now + TICK_MS : null;
}

type Turn = { now: number; effects: Effect[] };

function apply(state: PlannerState, event: PlannerEvent, turn: Turn): void {
  switch (event.type) {
    case 'want':
      want(state, event.cids, turn.now);
      return;
    case 'unwant':
      for (const cid of event.cids) removeBlock(state, cid, turn.effects);
      return;
    case 'peers-found':
      state.findRounds += 1;
      addPeers(state, event.peers);
      return;
    case 'peer-came':
      addPeers(state, [event.peer]);
      return;
    case 'opened':
      opened(state, event.peer, turn.now);
      return;
    case 'closed':
      closed(state, event.peer, turn.now);
      return;
    case 'have':
      for (const cid of event.cids) if (state.blocks.has(cid)) state.peers.get(event.peer)?.has.add(cid);
      return;
    case 'offered':
      noteOffer(state, event, turn);
      return;
    case 'arrived':
      arrived(state, event, turn);
      return;
    case 'failed': {
      const request = state.requests.get(event.requestId);
      if (request !== undefined) failRequest(state, request, { ...turn, reason: event.reason });
      return;
    }
    case 'activity': {
      const source = sessionOf(state, event.peer);
      if (source !== undefined) source.lastActivityMs = turn.now;
      return;
    }
    case 'rested':
      for (const source of [state.origin, ...state.peers.values()]) rest(source);
      return;
    case 'tick':
      return;
  }
}

function want(state: PlannerState, cids: readonly Cid[], now: number): void {
  if (state.blocks.size === 0) {
    state.startedAtMs = now;
    state.lastArrivalMs = now;
    state.findRounds = 0;
  }
  for (const cid of cids) if (!state.blocks.has(cid)) state.blocks.set(cid, createBlock(cid, state.random()));
}

function addPeers(state: PlannerState, peers: readonly string[]): void {
  for (const peer of peers) {
    if (state.peers.size >= KNOWN_PEERS_MAXIMUM) return;
    if (!state.peers.has(peer)) state.peers.set(peer, createSource());
  }
}

function opened(state: PlannerState, peer: string | 'origin', now: number): void {
  const source = sessionOf(state, peer);
  if (source === undefined || source.status === 'banned') return;
  if (source.status === 'connecting')
    state.slowestConnectMs = Math.max(state.slowestConnectMs, now - source.connectingSinceMs);
  source.status = 'open';
  source.lastActivityMs = now;
  if (peer !== 'origin') state.isAlone = false;
}

function closed(state: PlannerState, peer: string | 'origin', now: number): void {
  const source = sessionOf(state, peer);
  if (source === undefined || source.status === 'banned') return;
  source.status = 'known';
  source.has.clear();
  source.asked.clear();
  for (const id of [...source.requests]) {
    const request = state.requests.get(id);
    if (request !== undefined) dropRequest(state, request);
  }
  backOff(source, now);
  // A peer that cannot be reached is forgotten; asking for peers brings it back if it still takes part.
  if (peer !== 'origin' && source.failures >= PEER_FAILURES_MAXIMUM) state.peers.delete(peer);
}

function rest(source: SourceState): void {
  if (source.status === 'banned') return;
  source.status = 'known';
  source.failures = 0;
  source.has.clear();
  source.asked.clear();
}

function arrived(state: PlannerState, event: { requestId: number | null; cid: Cid }, turn: Turn): void {
  state.lastArrivalMs = turn.now;
  const request = event.requestId === null ? undefined : state.requests.get(event.requestId);
  if (request !== undefined) {
    const source = sourceOf(state, request.source);
    if (request.source.kind === 'gateway') state.gatewayFailingSinceMs = undefined;
    if (request.source.kind === 'peer') state.lastPeerArrivalMs = turn.now;
    if (source !== undefined) {
      source.failures = 0;
      notePace(state, source, turn.now - request.sentAtMs);
    }
    dropRequest(state, request);
  }
  removeBlock(state, event.cid, turn.effects);
}

function removeBlock(state: PlannerState, cid: Cid, effects: Effect[]): void {
  const block = state.blocks.get(cid);
  if (block === undefined) return;
  for (const id of [...block.requests]) {
    const request = state.requests.get(id);
    if (request === undefined) continue;
    dropRequest(state, request);
    effects.push({ type: 'cancel', requestId: id, source: request.source });
  }
  state.blocks.delete(cid);
  for (const peer of state.peers.values()) {
    peer.has.delete(cid);
    peer.asked.delete(cid);
  }
}

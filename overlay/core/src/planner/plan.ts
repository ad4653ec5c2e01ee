// What to do next, decided afresh after every event from the state alone.
import type { Cid } from '@manyhands/contract';
import {
  ENOUGH_PEERS,
  FIND_PEERS_MS,
  FIND_PEERS_RELAXED_MS,
  GATEWAY_REQUEST_MAXIMUM_MS,
  REQUEST_MAXIMUM_MS,
  SESSIONS_PER_SWARM_MAXIMUM,
} from '../limits.js';
import { failRequest } from './failures.js';
import { giveUpBlocks, requestFromGateway } from './gateway.js';
import { claimFromOrigin } from './origin.js';
import { endGameMs, stallMs } from './pace.js';
import { sendRequest } from './send.js';
import { activeBlocks, hasFreeRequest, sourceOf, usablePeers } from './state.js';
import type { BlockState, Effect, PlannerEvent, PlannerState, SourceState } from './types.js';

/** Peers are asked what they have at these events only, and not after every block, which bounds the messages a second. */
const ASKING: ReadonlySet<PlannerEvent['type']> = new Set(['want', 'opened', 'tick']);

/** Adds the effects that the state calls for. */
export function plan(state: PlannerState, { now, effects, event }: Turn & { event: PlannerEvent['type'] }): void {
  expireRequests(state, now, effects);
  if (state.blocks.size === 0) return;
  const active = activeBlocks(state, now);
  if (state.options.hasOverlay) {
    findPeers(state, now, effects);
    connectPeers(state, now, effects);
    if (ASKING.has(event)) askPeers(state, active, effects);
    requestFromPeers(state, active, { now, effects });
    if (state.options.hasOrigin) claimFromOrigin(state, active, { now, effects });
  }
  requestFromGateway(state, active, { now, effects });
  if (event === 'tick') giveUpBlocks(state, active, { now, effects });
}

type Turn = { now: number; effects: Effect[] };

function expireRequests(state: PlannerState, now: number, effects: Effect[]): void {
  for (const request of [...state.requests.values()]) {
    const source = sourceOf(state, request.source);
    const lastByteMs = Math.max(request.sentAtMs, source?.lastActivityMs ?? 0);
    const isOverdue =
      request.source.kind === 'gateway'
        ? now - request.sentAtMs > GATEWAY_REQUEST_MAXIMUM_MS
        : now - lastByteMs > stallMs(state) || now - request.sentAtMs > REQUEST_MAXIMUM_MS;
    // An earlier one in this loop may have ended this one by ending its session.
    if (!isOverdue || !state.requests.has(request.id)) continue;
    effects.push({ type: 'cancel', requestId: request.id, source: request.source });
    failRequest(state, request, { now, effects, reason: 'stalled' });
  }
}

function findPeers(state: PlannerState, now: number, effects: Effect[]): void {
  if (now < state.findPeersAtMs) return;
  const isEnough = [...state.peers.values()].filter(({ status }) => status === 'open').length >= ENOUGH_PEERS;
  const isNew = state.findRounds < 10;
  state.findPeersAtMs = now + (isEnough || !isNew ? FIND_PEERS_RELAXED_MS : FIND_PEERS_MS);
  effects.push({ type: 'find-peers' });
}

function connectPeers(state: PlannerState, now: number, effects: Effect[]): void {
  const connect = (source: SourceState, peer: string | 'origin') => {
    if (source.status !== 'known' || source.retryAtMs > now) return;
    source.status = 'connecting';
    source.connectingSinceMs = now;
    effects.push({ type: 'connect', peer });
  };
  if (state.options.hasOrigin) connect(state.origin, 'origin');
  let sessions = [...state.peers.values()].filter(({ status }) => status === 'open' || status === 'connecting').length;
  for (const [name, peer] of state.peers) {
    if (sessions >= SESSIONS_PER_SWARM_MAXIMUM) return;
    connect(peer, name);
    if (peer.status === 'connecting') sessions += 1;
  }
}

/** Tells every open peer about the active blocks that it was not asked about yet. */
function askPeers(state: PlannerState, active: readonly BlockState[], effects: Effect[]): void {
  for (const [name, peer] of state.peers) {
    if (peer.status !== 'open') continue;
    const cids = active.flatMap(({ cid }) => (peer.asked.has(cid) ? [] : [cid]));
    for (const cid of cids) peer.asked.add(cid);
    if (cids.length > 0) effects.push({ type: 'want', peer: name, cids });
  }
}

/** Rarest first; then, when nothing else is left, slow requests again from a second peer (the end game). */
function requestFromPeers(state: PlannerState, active: readonly BlockState[], turn: Turn): void {
  const peers = usablePeers(state, turn.now);
  const holders = (cid: Cid) => peers.filter(([, peer]) => peer.has.has(cid));
  const idle = active
    .filter(({ requests }) => requests.size === 0)
    .map((block) => ({ block, count: holders(block.cid).length }));
  const held = idle.filter(({ count }) => count > 0);
  held.sort((left, right) => left.count - right.count || left.block.rank - right.block.rank);
  for (const { block } of held) {
    if (!hasFreeRequest(state)) return;
    requestFromOne(state, block, { ...turn, candidates: holders(block.cid) });
  }
  if (held.some(({ block }) => block.requests.size === 0)) return;
  for (const block of active) {
    const [only] = [...block.requests].map((id) => state.requests.get(id));
    const isSlow = block.requests.size === 1 && only !== undefined && turn.now - only.sentAtMs > endGameMs(state);
    if (!isSlow || !hasFreeRequest(state)) continue;
    const { source } = only;
    const others = holders(block.cid).filter(([name]) => source.kind !== 'peer' || source.peer !== name);
    requestFromOne(state, block, { ...turn, candidates: others });
  }
}

type Choice = Turn & { candidates: ReadonlyArray<readonly [string, SourceState]> };

/** Asks the least busy of the candidates that may take another request. */
function requestFromOne(state: PlannerState, block: BlockState, { now, effects, candidates }: Choice): void {
  const free = candidates.filter(([, peer]) => peer.requests.size < peer.window);
  if (free.length === 0) return;
  const fewest = Math.min(...free.map(([, peer]) => peer.requests.size));
  const best = free.filter(([, peer]) => peer.requests.size === fewest);
  const [peer] = best[Math.floor(state.random() * best.length)] ?? [];
  if (peer !== undefined) sendRequest(state, { source: { kind: 'peer', peer }, block }, { now, effects });
}

// What a failed request means for its source and its block.
import { BACKOFF_MS, PEER_FAILURES_MAXIMUM } from '../limits.js';
import { backOff, dropRequest, sessionOf, sourceOf } from './state.js';
import type { BlockState, Effect, PlannerState, RequestFailure, RequestState, SourceState } from './types.js';

type Turn = { now: number; effects: Effect[] };

/** A request ended without its block: the source is marked by the reason, the block is free again. */
export function failRequest(
  state: PlannerState,
  request: RequestState,
  turn: Turn & { reason: RequestFailure | 'stalled' },
): void {
  dropRequest(state, request);
  const { now, effects, reason } = turn;
  const { source, cid } = request;
  const from = sourceOf(state, source);
  const block = cid === null ? undefined : state.blocks.get(cid);
  if (from === undefined) return;
  if (source.kind === 'gateway') {
    noteGatewayFailure(state, block, turn);
    return;
  }
  if (source.kind === 'origin' && block !== undefined) block.originFailures += 1;
  if (source.kind === 'peer' && cid !== null && reason !== 'busy') from.has.delete(cid);
  if (reason === 'corrupt') {
    ban(state, source.kind === 'origin' ? 'origin' : source.peer, effects);
    return;
  }
  if (reason === 'missing') from.lies += 1;
  if (reason !== 'missing') backOff(from, now);
  if (reason === 'stalled') from.window = 1;
  const isHopeless = from.lies > PEER_FAILURES_MAXIMUM || from.failures >= PEER_FAILURES_MAXIMUM;
  if (source.kind === 'peer' && isHopeless) disconnect(state, source.peer, turn);
}

function ban(state: PlannerState, peer: string | 'origin', effects: Effect[]): void {
  const source = sessionOf(state, peer);
  if (source === undefined || source.status === 'banned') return;
  dropSource(state, source);
  source.status = 'banned';
  effects.push({ type: 'disconnect', peer, isBanned: true });
}

function disconnect(state: PlannerState, peer: string, { now, effects }: Turn): void {
  const source = state.peers.get(peer);
  if (source?.status !== 'open') return;
  dropSource(state, source);
  source.status = 'known';
  source.asked.clear();
  source.failures = Math.max(source.failures, PEER_FAILURES_MAXIMUM) + 2;
  source.lies = 0;
  backOff(source, now);
  effects.push({ type: 'disconnect', peer, isBanned: false });
}

function dropSource(state: PlannerState, source: SourceState): void {
  source.has.clear();
  for (const id of [...source.requests]) {
    const request = state.requests.get(id);
    if (request !== undefined) dropRequest(state, request);
  }
}

function noteGatewayFailure(
  state: PlannerState,
  block: BlockState | undefined,
  { now, reason }: { now: number; reason: RequestFailure | 'stalled' },
): void {
  if (reason !== 'missing') {
    state.gatewayFailingSinceMs ??= now;
    backOff(state.gateway, now);
    return;
  }
  state.gatewayFailingSinceMs = undefined;
  if (block === undefined) return;
  block.gatewayMisses += 1;
  block.gatewayRetryAtMs = now + BACKOFF_MS * 2 ** block.gatewayMisses;
}

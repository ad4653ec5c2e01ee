// Reading and small changes of the planner's state.
import type { Cid } from '@manyhands/contract';
import { ACTIVE_BLOCKS_MAXIMUM, BACKOFF_MAXIMUM_MS, BACKOFF_MS, REQUESTS_FIRST } from '../limits.js';
import { createRandom } from '../random.js';
import type { BlockState, PlannerOptions, PlannerState, RequestState, Source, SourceState } from './types.js';

/** A planner that wants nothing yet. */
export function createPlanner(options: PlannerOptions): PlannerState {
  return {
    options,
    random: createRandom(options.seed),
    blocks: new Map(),
    peers: new Map(),
    origin: createSource(),
    gateway: { ...createSource(), status: 'open' },
    requests: new Map(),
    nextRequestId: 1,
    window: REQUESTS_FIRST,
    typicalMs: 0,
    slowestConnectMs: 0,
    startedAtMs: undefined,
    lastArrivalMs: 0,
    lastPeerArrivalMs: Number.NEGATIVE_INFINITY,
    lastInsistMs: Number.NEGATIVE_INFINITY,
    gatewayFailingSinceMs: undefined,
    claimRetryAtMs: 0,
    findPeersAtMs: 0,
    findRounds: 0,
    isAlone: false,
  };
}

export function createSource(): SourceState {
  return {
    status: 'known',
    has: new Set(),
    asked: new Set(),
    requests: new Set(),
    window: 1,
    failures: 0,
    lies: 0,
    retryAtMs: 0,
    connectingSinceMs: 0,
    lastActivityMs: 0,
  };
}

export function createBlock(cid: Cid, rank: number): BlockState {
  return {
    cid,
    rank,
    activeSinceMs: undefined,
    deferredSinceMs: undefined,
    originFailures: 0,
    gatewayMisses: 0,
    gatewayRetryAtMs: 0,
    requests: new Set(),
  };
}

export function sourceOf(state: PlannerState, source: Source): SourceState | undefined {
  if (source.kind === 'origin') return state.origin;
  return source.kind === 'gateway' ? state.gateway : state.peers.get(source.peer);
}

export function sessionOf(state: PlannerState, peer: string | 'origin'): SourceState | undefined {
  return peer === 'origin' ? state.origin : state.peers.get(peer);
}

/** The blocks looked at now, in the order in which they were wanted. */
export function activeBlocks(state: PlannerState, now: number): BlockState[] {
  const active: BlockState[] = [];
  for (const block of state.blocks.values()) {
    block.activeSinceMs ??= now;
    active.push(block);
    if (active.length === ACTIVE_BLOCKS_MAXIMUM) break;
  }
  return active;
}

export function isUsable(source: SourceState, now: number): boolean {
  return source.status === 'open' && source.retryAtMs <= now;
}

/** Usable peers with their names. */
export function usablePeers(state: PlannerState, now: number): Array<[string, SourceState]> {
  return [...state.peers].filter(([, peer]) => isUsable(peer, now));
}

/** Whether there is a peer that delivers or may still do so: connected, or not yet found to be out of reach. */
export function hasCompany(state: PlannerState): boolean {
  const isHopeful = ({ status, failures }: SourceState) => status === 'open' || (status !== 'banned' && failures < 2);
  return [...state.peers.values()].some(isHopeful);
}

export function hasFreeRequest(state: PlannerState): boolean {
  return state.requests.size < state.window;
}

/** Whether one of its requests goes to a source of this kind. */
export function isRequestedFrom(state: PlannerState, block: BlockState, kind: Source['kind']): boolean {
  return [...block.requests].some((id) => state.requests.get(id)?.source.kind === kind);
}

/** Waits longer after each failure in a row. */
export function backOff(source: SourceState, now: number): void {
  source.failures += 1;
  source.retryAtMs = now + Math.min(BACKOFF_MAXIMUM_MS, BACKOFF_MS * 2 ** (source.failures - 1));
}

/** Takes a request out of every list. */
export function dropRequest(state: PlannerState, request: RequestState): void {
  state.requests.delete(request.id);
  sourceOf(state, request.source)?.requests.delete(request.id);
  if (request.cid !== null) state.blocks.get(request.cid)?.requests.delete(request.id);
}

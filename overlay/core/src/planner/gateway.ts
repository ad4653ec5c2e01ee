// The timed fallback: the coordinator's HTTP gateway, for everything that the overlay does not deliver, and the end when it cannot either.
import { GATEWAY_MISSES_MAXIMUM, GIVE_UP_MS, ORIGIN_CONNECT_MS, REQUESTS_TO_GATEWAY_MAXIMUM } from '../limits.js';
import { withoutHolder } from './origin.js';
import { silenceMs } from './pace.js';
import { sendRequest } from './send.js';
import { hasFreeRequest, isRequestedFrom, isUsable } from './state.js';
import type { BlockState, Effect, PlannerState } from './types.js';

type Turn = { now: number; effects: Effect[] };

/** Asks the gateway for blocks that it alone can give now. */
export function requestFromGateway(state: PlannerState, active: readonly BlockState[], turn: Turn): void {
  if (!isUsable(state.gateway, turn.now)) return;
  const candidates = state.options.hasOverlay
    ? fallbackBlocks(state, active, turn.now)
    : active.filter(({ requests }) => requests.size === 0);
  const due = candidates.filter(({ gatewayRetryAtMs }) => gatewayRetryAtMs <= turn.now);
  due.sort((left, right) => left.gatewayMisses - right.gatewayMisses || left.rank - right.rank);
  for (const block of due) {
    if (state.gateway.requests.size >= REQUESTS_TO_GATEWAY_MAXIMUM || !hasFreeRequest(state)) return;
    sendRequest(state, { source: { kind: 'gateway' }, block }, turn);
  }
}

function fallbackBlocks(state: PlannerState, active: readonly BlockState[], now: number): BlockState[] {
  const isOriginGone = !isOriginExpected(state, now);
  const orphans = withoutHolder(state, active, now).filter(({ originFailures }) => isOriginGone || originFailures >= 2);
  const silence = silenceMs(state);
  if (now - state.lastArrivalMs < silence) return orphans;
  // Nothing came in for a while: whatever the overlay may still promise, the gateway is asked beside it.
  const stuck = active.filter(
    (block) =>
      now - (block.activeSinceMs ?? now) >= silence &&
      block.requests.size < 2 &&
      !isRequestedFrom(state, block, 'gateway'),
  );
  return [...new Set([...orphans, ...stuck])];
}

/** Whether the seed is connected, or still has time to become so for the first time. */
function isOriginExpected(state: PlannerState, now: number): boolean {
  const { origin, options, startedAtMs } = state;
  if (!options.hasOrigin || origin.status === 'banned') return false;
  if (origin.status === 'open') return origin.retryAtMs <= now;
  return origin.failures === 0 && now - (startedAtMs ?? now) < ORIGIN_CONNECT_MS;
}

/** Gives up blocks that the gateway refused again and again, or that it could not send for too long, while nobody else has them. */
export function giveUpBlocks(state: PlannerState, active: readonly BlockState[], { now, effects }: Turn): void {
  const quietSinceMs = Math.max(state.gatewayFailingSinceMs ?? now, state.lastArrivalMs);
  for (const block of withoutHolder(state, active, now)) {
    const isRefused = block.gatewayMisses >= GATEWAY_MISSES_MAXIMUM;
    const isUnreachable = now - Math.max(quietSinceMs, block.activeSinceMs ?? now) >= GIVE_UP_MS;
    if (!isRefused && !isUnreachable) continue;
    state.blocks.delete(block.cid);
    for (const peer of state.peers.values()) peer.asked.delete(block.cid);
    effects.push({ type: 'give-up', cid: block.cid });
  }
}

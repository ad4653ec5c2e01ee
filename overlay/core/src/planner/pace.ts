// How long to wait for what: the limits of time, stretched where blocks take long (slow links, busy machines), so that patience does not turn into double work.
import {
  END_GAME_AFTER_MS,
  PATIENCE_MAXIMUM_MS,
  PATIENCE_MS,
  PROGRESS_MS,
  QUICK_MS,
  REQUESTS_MAXIMUM,
  REQUESTS_PER_PEER_MAXIMUM,
  SILENCE_MS,
  SLOW_MS,
  STALL_MS,
} from '../limits.js';
import type { PlannerState, SourceState } from './types.js';

/** Each new block weighs this much in the average. */
const WEIGHT = 0.2;
/** No wait is stretched more than this. */
const STRETCH_MAXIMUM = 4;

const stretched = (baseMs: number, wantedMs: number): number =>
  Math.min(baseMs * STRETCH_MAXIMUM, Math.max(baseMs, wantedMs));

/** A request without a byte for so long has stalled. */
export function stallMs(state: PlannerState): number {
  return stretched(STALL_MS, 4 * state.typicalMs);
}

/** A request that takes longer is slow enough for the end game. */
export function endGameMs(state: PlannerState): number {
  return stretched(END_GAME_AFTER_MS, 2 * state.typicalMs);
}

/** Without any block for so long, the gateway is asked beside the overlay. */
export function silenceMs(state: PlannerState): number {
  return stretched(SILENCE_MS, 3 * state.typicalMs);
}

/** How long a fetcher with company waits for a block that the seed gave to another, with and without progress meanwhile. */
export function patienceMs(state: PlannerState, isProgressing: boolean): number {
  return isProgressing
    ? stretched(PATIENCE_MAXIMUM_MS, 6 * state.typicalMs)
    : stretched(PATIENCE_MS, Math.max(2 * state.typicalMs, 3 * state.slowestConnectMs));
}

/** Blocks that came within this time count as progress. */
export function progressMs(state: PlannerState): number {
  return stretched(PROGRESS_MS, 2 * state.typicalMs);
}

/** A block came: adapts the average and the numbers of requests at once, of its source and of all. */
export function notePace(state: PlannerState, source: SourceState, tookMs: number): void {
  state.typicalMs = state.typicalMs === 0 ? tookMs : state.typicalMs + WEIGHT * (tookMs - state.typicalMs);
  const change = tookMs < QUICK_MS ? 1 : tookMs > SLOW_MS ? -1 : 0;
  state.window = Math.max(2, Math.min(REQUESTS_MAXIMUM, state.window + change));
  source.window = Math.max(1, Math.min(REQUESTS_PER_PEER_MAXIMUM, source.window + change));
}

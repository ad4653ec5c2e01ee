// Sending a request: the one place that writes one down.

import { sourceOf } from './state.js';
import type { BlockState, Effect, PlannerState, Source } from './types.js';

/** Notes a request for a block and lets the driver send it. */
export function sendRequest(
  state: PlannerState,
  { source, block }: { source: Source; block: BlockState },
  { now, effects }: { now: number; effects: Effect[] },
): void {
  const id = state.nextRequestId++;
  state.requests.set(id, { id, source, cid: block.cid, claimed: [], count: 1, isInsisting: false, sentAtMs: now });
  sourceOf(state, source)?.requests.add(id);
  block.requests.add(id);
  effects.push({ type: 'request', requestId: id, source, cid: block.cid });
}

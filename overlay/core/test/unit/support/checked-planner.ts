// A planner under watch: every step is checked against the invariants of SPEC.md.
import type { Cid } from '@manyhands/contract';
import { expect } from 'vitest';
import {
  createPlanner,
  type Effect,
  nextTickMs,
  type PlannerEvent,
  type PlannerOptions,
  type PlannerState,
  REQUESTS_MAXIMUM,
  REQUESTS_PER_PEER_MAXIMUM,
  REQUESTS_TO_GATEWAY_MAXIMUM,
  REQUESTS_TO_ORIGIN_MAXIMUM,
  type Source,
  step,
  TICK_MS,
} from '../../../src/index.js';

type Outstanding = { cid: Cid | null; source: string };
const nameOf = (source: Source): string => (source.kind === 'peer' ? source.peer : `the ${source.kind}`);

/** Wraps `step` and throws when an invariant is broken. */
export class CheckedPlanner {
  readonly state: PlannerState;
  readonly requested: Array<{ cid: Cid; source: string }> = [];
  readonly givenUp = new Set<Cid>();
  private readonly outstanding = new Map<number, Outstanding>();
  private readonly announced = new Map<string, Set<Cid>>();
  private readonly offered = new Set<Cid>();
  private readonly banned = new Set<string>();
  private readonly done = new Set<Cid>();

  constructor(options: PlannerOptions) {
    this.state = createPlanner(options);
  }

  step(event: PlannerEvent, now: number): readonly Effect[] {
    this.before(event);
    const { effects } = step(this.state, event, now);
    for (const effect of effects) this.check(effect);
    this.checkBounds(now);
    return effects;
  }

  private before(event: PlannerEvent): void {
    if (event.type === 'failed' || event.type === 'offered') this.outstanding.delete(event.requestId);
    if (event.type === 'offered') for (const cid of event.cids) this.offered.add(cid);
    if (event.type === 'arrived') {
      this.done.add(event.cid);
      if (event.requestId !== null) this.outstanding.delete(event.requestId);
    }
    if (event.type === 'want') for (const cid of event.cids) this.done.delete(cid);
    if (event.type === 'have')
      for (const cid of event.cids)
        this.announced.set(event.peer, (this.announced.get(event.peer) ?? new Set()).add(cid));
    if (event.type === 'closed') this.forget(event.peer === 'origin' ? 'the origin' : event.peer);
  }

  private forget(source: string): void {
    this.announced.delete(source);
    for (const [id, request] of this.outstanding) if (request.source === source) this.outstanding.delete(id);
  }

  private check(effect: Effect): void {
    if (effect.type === 'cancel') this.outstanding.delete(effect.requestId);
    if (effect.type === 'disconnect') {
      const name = effect.peer === 'origin' ? 'the origin' : effect.peer;
      if (effect.isBanned) this.banned.add(name);
      this.forget(name);
    }
    if (effect.type === 'connect')
      expect(this.banned, 'invariant 7: connects to a banned peer').not.toContain(effect.peer);
    if (effect.type === 'claim') this.outstanding.set(effect.requestId, { cid: null, source: 'the origin' });
    if (effect.type === 'give-up') {
      expect(this.givenUp.has(effect.cid), 'invariant 8: gives up twice').toBe(false);
      this.givenUp.add(effect.cid);
    }
    if (effect.type === 'request') this.checkRequest(effect);
  }

  private checkRequest({ requestId, source, cid }: Effect & { type: 'request' }): void {
    const name = nameOf(source);
    const same = [...this.outstanding.values()].filter((request) => request.cid === cid);
    expect(same.length, 'invariant 1: more than two requests for a block').toBeLessThanOrEqual(1);
    expect(
      same.map((request) => request.source),
      'invariant 1: the same source twice',
    ).not.toContain(name);
    expect(this.done.has(cid), 'invariant 9: asks for a block that it has').toBe(false);
    expect(this.banned.has(name), 'invariant 7: asks a banned peer').toBe(false);
    if (source.kind === 'peer')
      expect(this.announced.get(source.peer)?.has(cid), 'invariant 3: asks a peer without the block').toBe(true);
    if (source.kind === 'origin')
      expect(this.offered.has(cid), 'invariant 3: asks the origin without an offer').toBe(true);
    this.outstanding.set(requestId, { cid, source: name });
    this.requested.push({ cid, source: name });
  }

  private checkBounds(now: number): void {
    const counts = new Map<string, number>();
    for (const { source } of this.outstanding.values()) counts.set(source, (counts.get(source) ?? 0) + 1);
    for (const [source, count] of counts) {
      const bound =
        source === 'the gateway'
          ? REQUESTS_TO_GATEWAY_MAXIMUM
          : source === 'the origin'
            ? REQUESTS_TO_ORIGIN_MAXIMUM + 1 // and one claim
            : REQUESTS_PER_PEER_MAXIMUM;
      expect(count, `invariant 2: requests to ${source}`).toBeLessThanOrEqual(bound);
    }
    expect(this.outstanding.size, 'invariant 2: requests in all').toBeLessThanOrEqual(REQUESTS_MAXIMUM + 1);
    const tickMs = nextTickMs(this.state, now);
    if (this.state.blocks.size > 0) expect(tickMs, 'invariant 4: no next tick').toBeLessThanOrEqual(now + TICK_MS);
  }
}

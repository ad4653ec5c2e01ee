// The planner's decisions one by one: order of sources, limits of time, what failures mean.
import type { Cid } from '@manyhands/contract';
import { describe, expect, it } from 'vitest';
import {
  ACTIVE_BLOCKS_MAXIMUM,
  type Effect,
  END_GAME_AFTER_MS,
  nextTickMs,
  ORIGIN_CONNECT_MS,
  PATIENCE_MS,
  type PlannerOptions,
  REQUESTS_TO_GATEWAY_MAXIMUM,
  SILENCE_MS,
  STALL_MS,
} from '../../src/index.js';
import { someCids } from './support/blocks.js';
import { CheckedPlanner } from './support/checked-planner.js';

const options: PlannerOptions = { hasOverlay: true, hasOrigin: true, seed: 1 };
const of = <Type extends Effect['type']>(effects: readonly Effect[], type: Type) =>
  effects.filter((effect): effect is Extract<Effect, { type: Type }> => effect.type === type);
const requests = (effects: readonly Effect[]) => of(effects, 'request');

/** A planner that wants the blocks, with these peers and the origin connected. */
function planning(cids: readonly Cid[], peers: readonly string[] = []) {
  const planner = new CheckedPlanner(options);
  planner.step({ type: 'want', cids }, 0);
  planner.step({ type: 'peers-found', peers }, 0);
  for (const peer of peers) planner.step({ type: 'opened', peer }, 0);
  const effects = planner.step({ type: 'opened', peer: 'origin' }, 0);
  return { planner, effects };
}

describe('the order of sources', () => {
  const [cid] = someCids(1) as [Cid];

  it('asks a peer that has the block, not the origin', () => {
    const { planner, effects } = planning([cid], ['a']);
    const [claim] = of(effects, 'claim');
    planner.step({ type: 'offered', requestId: claim?.requestId ?? 0, cids: [] }, 10);
    const next = planner.step({ type: 'have', peer: 'a', cids: [cid] }, 20);
    expect(requests(next).map(({ source }) => source)).toEqual([{ kind: 'peer', peer: 'a' }]);
    expect(of(planner.step({ type: 'tick' }, 1000), 'claim')).toEqual([]);
  });

  it('asks the rarest block first', () => {
    const cids = someCids(6);
    const rare = cids[5] as Cid;
    const { planner } = planning(cids, ['a', 'b']);
    // Stalling peers: their windows fill, and what is left waits until a request ends.
    planner.step({ type: 'have', peer: 'b', cids: cids.slice(0, 5) }, 0);
    const before = planner.requested.length;
    planner.step({ type: 'have', peer: 'a', cids }, 0);
    expect(planner.requested[before]?.cid).toBe(rare);
  });

  it('waits for a block that the origin gave to another peer, then insists', () => {
    const { planner, effects } = planning([cid], ['a']);
    const [claim] = of(effects, 'claim');
    expect(claim).toMatchObject({ isInsisting: false, cids: [cid] });
    planner.step({ type: 'offered', requestId: claim?.requestId ?? 0, cids: [] }, 0);
    let now = 0;
    let insisting: Array<Effect & { type: 'claim' }> = [];
    for (now = 250; insisting.length === 0 && now < 20_000; now += 250) {
      const claims = of(planner.step({ type: 'tick' }, now), 'claim');
      insisting = claims.filter(({ isInsisting }) => isInsisting);
      for (const { requestId, isInsisting } of claims)
        if (!isInsisting) planner.step({ type: 'offered', requestId, cids: [] }, now);
    }
    expect(now).toBeGreaterThanOrEqual(PATIENCE_MS);
    expect(now).toBeLessThan(PATIENCE_MS + 1000);
    const [last] = insisting;
    const served = planner.step({ type: 'offered', requestId: last?.requestId ?? 0, cids: [cid] }, now);
    expect(requests(served)).toMatchObject([{ source: { kind: 'origin' }, cid }]);
  });

  it('leaves the gateway alone while the origin may still connect, then uses it', () => {
    const planner = new CheckedPlanner(options);
    planner.step({ type: 'want', cids: [cid] }, 0);
    expect(requests(planner.step({ type: 'tick' }, ORIGIN_CONNECT_MS - 250))).toEqual([]);
    const [request] = requests(planner.step({ type: 'tick' }, ORIGIN_CONNECT_MS + 1));
    expect(request?.source).toEqual({ kind: 'gateway' });
  });

  it('uses the gateway at once when the origin is gone', () => {
    const { planner } = planning([cid], ['a']);
    const [request] = requests(planner.step({ type: 'closed', peer: 'origin' }, 100));
    expect(request?.source).toEqual({ kind: 'gateway' });
  });

  it('uses nothing but the gateway without an overlay, a few requests at a time', () => {
    const planner = new CheckedPlanner({ ...options, hasOverlay: false });
    const effects = planner.step({ type: 'want', cids: someCids(20) }, 0);
    expect(effects).toHaveLength(REQUESTS_TO_GATEWAY_MAXIMUM);
    expect(requests(effects).every(({ source }) => source.kind === 'gateway')).toBe(true);
  });
});

describe('time', () => {
  const [cid] = someCids(1) as [Cid];

  it('takes a request from a peer that sends nothing for too long', () => {
    const { planner } = planning([cid], ['a']);
    const [request] = requests(planner.step({ type: 'have', peer: 'a', cids: [cid] }, 0));
    planner.step({ type: 'activity', peer: 'a' }, 5000);
    const cancelled = (now: number) =>
      of(planner.step({ type: 'tick' }, now), 'cancel').map(({ requestId }) => requestId);
    expect(cancelled(5000 + STALL_MS - 1)).not.toContain(request?.requestId);
    expect(cancelled(5000 + STALL_MS + 1)).toContain(request?.requestId);
  });

  it('asks a second peer for the last block when the first is slow, and cancels the loser', () => {
    const { planner } = planning([cid], ['a', 'b']);
    const first = requests(planner.step({ type: 'have', peer: 'a', cids: [cid] }, 0))[0];
    planner.step({ type: 'have', peer: 'b', cids: [cid] }, 0);
    const [second] = requests(planner.step({ type: 'tick' }, END_GAME_AFTER_MS + 1));
    expect(second?.source).toEqual({ kind: 'peer', peer: 'b' });
    const end = planner.step({ type: 'arrived', requestId: second?.requestId ?? 0, cid }, 4000);
    expect(of(end, 'cancel')).toMatchObject([{ requestId: first?.requestId }]);
    expect(nextTickMs(planner.state, 4000)).toBeNull();
  });

  it('asks the gateway beside a silent peer', () => {
    const { planner } = planning([cid], ['a']);
    planner.step({ type: 'have', peer: 'a', cids: [cid] }, 0);
    const sources = requests(planner.step({ type: 'tick' }, SILENCE_MS)).map(({ source }) => source.kind);
    expect(sources).toEqual(['gateway']);
  });

  it('looks at a bounded part of a large file', () => {
    const cids = someCids(ACTIVE_BLOCKS_MAXIMUM + 100);
    const { planner } = planning(cids, ['a']);
    const wanted = of(planner.step({ type: 'tick' }, 1), 'want').flatMap((effect) => effect.cids);
    const before = planner.state.peers.get('a')?.asked.size ?? 0;
    expect(before + wanted.length).toBeLessThanOrEqual(ACTIVE_BLOCKS_MAXIMUM);
  });
});

describe('failures', () => {
  const cids = someCids(2);

  it('bans a peer that sends wrong bytes and frees its blocks', () => {
    const { planner } = planning(cids, ['a']);
    const [request] = requests(planner.step({ type: 'have', peer: 'a', cids }, 0));
    const effects = planner.step({ type: 'failed', requestId: request?.requestId ?? 0, reason: 'corrupt' }, 10);
    expect(of(effects, 'disconnect')).toEqual([{ type: 'disconnect', peer: 'a', isBanned: true }]);
    expect(planner.step({ type: 'peers-found', peers: ['a'] }, 20_000)).not.toContainEqual({
      type: 'connect',
      peer: 'a',
    });
  });

  it('replaces an origin that sends wrong bytes by the gateway', () => {
    const { planner, effects } = planning([cids[0] as Cid]);
    const [claim] = of(effects, 'claim');
    const [request] = requests(planner.step({ type: 'offered', requestId: claim?.requestId ?? 0, cids }, 10));
    const next = planner.step({ type: 'failed', requestId: request?.requestId ?? 0, reason: 'corrupt' }, 20);
    expect(of(next, 'disconnect')).toMatchObject([{ peer: 'origin', isBanned: true }]);
    expect(requests(next)).toMatchObject([{ source: { kind: 'gateway' } }]);
  });

  it('believes a peer no longer that announces blocks and lacks them', () => {
    const { planner } = planning([cids[0] as Cid], ['a']);
    let now = 0;
    for (let lies = 0; lies < 4; lies++) {
      const [request] = requests(planner.step({ type: 'have', peer: 'a', cids: [cids[0] as Cid] }, now));
      expect(request, `request ${lies}`).toBeDefined();
      const effects = planner.step({ type: 'failed', requestId: request?.requestId ?? 0, reason: 'missing' }, ++now);
      expect(of(effects, 'disconnect')).toHaveLength(lies === 3 ? 1 : 0);
    }
  });

  it('ignores answers to requests that it no longer has', () => {
    const { planner } = planning(cids, []);
    expect(() => planner.step({ type: 'failed', requestId: 999, reason: 'corrupt' }, 1)).not.toThrow();
    expect(() => planner.step({ type: 'offered', requestId: 999, cids }, 1)).not.toThrow();
    planner.step({ type: 'arrived', requestId: 999, cid: cids[0] as Cid }, 1);
    expect(planner.state.blocks.has(cids[0] as Cid)).toBe(false);
  });
});

// A simulated swarm: planners, a seed with the real spread policy, a gateway, and peers that misbehave, on a virtual clock.
import type { Cid } from '@manyhands/contract';
import {
  chooseOffer,
  createRandom,
  createSpread,
  type Effect,
  nextTickMs,
  noteServed,
  type PlannerEvent,
  type Random,
} from '../../../src/index.js';
import { CheckedPlanner } from './checked-planner.js';
import { VirtualClock } from './clock.js';

/** How a peer treats those who ask it. */
export type Manner = 'honest' | 'stalls' | 'garbage' | 'liar' | 'lossy' | 'unreachable';
export type SwarmOptions = {
  seed: number;
  blocks: readonly Cid[];
  /** One fetcher each, with its manner towards others; all fetch honestly. */
  manners: readonly Manner[];
  /** When each starts, in ms; 0 where missing. */
  startsMs?: readonly number[];
  origin: 'up' | 'down' | 'garbage' | 'stalls';
  gateway: 'up' | 'down' | 'empty';
  blockBytes?: number;
  /** Of everyone, the origin included. */
  uplinkBytesPerMs?: number;
};

const MEGABYTE = 1024 * 1024;
const LATENCY_MS = 20;
const DIAL_TIMEOUT_MS = 6_000;
const UPLINK_BYTES_PER_MS = 20_000;

/** Sends one block after another; what is cancelled before its turn is not sent. */
class Uplink {
  bytes = 0;
  private readonly queue: Array<{ isWanted(): boolean; onSent(): void }> = [];
  private isBusy = false;

  send(
    job: { isWanted(): boolean; onSent(): void },
    pace: { clock: VirtualClock; blockBytes: number; bytesPerMs: number },
  ): void {
    this.queue.push(job);
    if (!this.isBusy) this.next(pace);
  }

  private next(pace: { clock: VirtualClock; blockBytes: number; bytesPerMs: number }): void {
    const job = this.queue.shift();
    this.isBusy = job !== undefined;
    if (job === undefined) return;
    if (!job.isWanted()) {
      this.next(pace);
      return;
    }
    this.bytes += pace.blockBytes;
    pace.clock.after(pace.blockBytes / pace.bytesPerMs, () => {
      job.onSent();
      this.next(pace);
    });
  }
}

/** One fetcher of the swarm. */
export class Fetcher {
  readonly name: string;
  readonly manner: Manner;
  readonly planner: CheckedPlanner;
  readonly store = new Set<Cid>();
  readonly uplink = new Uplink();
  /** Who waits for which block. */
  readonly interest = new Map<Cid, Set<Fetcher>>();
  readonly cancelled = new Set<number>();
  isTicking = false;
  finishedAtMs: number | undefined;

  constructor(name: string, manner: Manner, planner: CheckedPlanner) {
    this.name = name;
    this.manner = manner;
    this.planner = planner;
  }
}

/** Runs planners against one another. */
export class Swarm {
  readonly clock = new VirtualClock();
  readonly fetchers: Fetcher[] = [];
  readonly originUplink = new Uplink();
  readonly gatewayUplink = new Uplink();
  private readonly options: SwarmOptions;
  private readonly random: Random;
  private readonly spread = createSpread();
  private readonly joined: Fetcher[] = [];

  constructor(options: SwarmOptions) {
    this.options = options;
    this.random = createRandom(options.seed);
    options.manners.forEach((manner, index) => {
      const planner = new CheckedPlanner({ hasOverlay: true, hasOrigin: true, seed: options.seed * 31 + index });
      const fetcher = new Fetcher(`peer-${index}`, manner, planner);
      this.fetchers.push(fetcher);
      this.clock.after(options.startsMs?.[index] ?? 0, () => {
        this.joined.push(fetcher);
        this.tell(fetcher, { type: 'want', cids: options.blocks });
      });
    });
  }

  /** Runs until everyone has (or has given up) every block. */
  run(untilMs: number): void {
    this.clock.run(untilMs, () => this.fetchers.every(({ finishedAtMs }) => finishedAtMs !== undefined));
  }

  /** Sizes of the whole that the origin sent, by either way. */
  originCopies(): number {
    const { blocks, blockBytes = MEGABYTE } = this.options;
    return (this.originUplink.bytes + this.gatewayUplink.bytes) / (blocks.length * blockBytes);
  }

  /** Blocks that went over the network, in blocks needed. */
  waste(): number {
    const { blocks, blockBytes = MEGABYTE } = this.options;
    const sent = [this.originUplink, this.gatewayUplink, ...this.fetchers.map(({ uplink }) => uplink)];
    const bytes = sent.reduce((sum, uplink) => sum + uplink.bytes, 0);
    return bytes / (blocks.length * blockBytes * this.fetchers.length);
  }

  private tell(fetcher: Fetcher, event: PlannerEvent): void {
    if (event.type === 'arrived') this.stored(fetcher, event.cid);
    for (const effect of fetcher.planner.step(event, this.clock.nowMs)) this.run1(fetcher, effect);
    const left = this.options.blocks.filter((cid) => !fetcher.store.has(cid) && !fetcher.planner.givenUp.has(cid));
    if (left.length === 0) fetcher.finishedAtMs ??= this.clock.nowMs;
    const tickMs = nextTickMs(fetcher.planner.state, this.clock.nowMs);
    if (tickMs === null || fetcher.isTicking) return;
    fetcher.isTicking = true;
    this.clock.after(tickMs - this.clock.nowMs, () => {
      fetcher.isTicking = false;
      this.tell(fetcher, { type: 'tick' });
    });
  }

  private stored(fetcher: Fetcher, cid: Cid): void {
    fetcher.store.add(cid);
    for (const other of fetcher.interest.get(cid) ?? [])
      this.later(other, { type: 'have', peer: fetcher.name, cids: [cid] });
    fetcher.interest.delete(cid);
  }

  private later(fetcher: Fetcher, event: PlannerEvent, delayMs = LATENCY_MS): void {
    this.clock.after(delayMs * (0.5 + this.random()), () => this.tell(fetcher, event));
  }

  private peer(name: string): Fetcher | undefined {
    return this.fetchers.find((fetcher) => fetcher.name === name);
  }

  private run1(fetcher: Fetcher, effect: Effect): void {
    switch (effect.type) {
      case 'connect':
        this.connect(fetcher, effect.peer);
        return;
      case 'want':
        this.want(fetcher, effect);
        return;
      case 'claim':
        this.claim(fetcher, effect);
        return;
      case 'request':
        this.request(fetcher, effect);
        return;
      case 'cancel':
        fetcher.cancelled.add(effect.requestId);
        return;
      case 'find-peers': {
        const others = this.joined.filter((other) => other !== fetcher).map(({ name }) => name);
        this.later(fetcher, { type: 'peers-found', peers: others });
        return;
      }
      case 'disconnect':
      case 'give-up':
        return;
    }
  }

  private connect(fetcher: Fetcher, peer: string | 'origin'): void {
    const isUp = peer === 'origin' ? this.options.origin !== 'down' : this.peer(peer)?.manner !== 'unreachable';
    if (isUp) this.later(fetcher, { type: 'opened', peer }, 3 * LATENCY_MS);
    else this.later(fetcher, { type: 'closed', peer }, DIAL_TIMEOUT_MS);
  }

  private want(fetcher: Fetcher, { peer, cids }: Effect & { type: 'want' }): void {
    const other = this.peer(peer);
    if (other === undefined) return;
    const has = (cid: Cid) => other.manner === 'liar' || other.manner === 'garbage' || other.store.has(cid);
    const here = cids.filter(has);
    if (here.length > 0) this.later(fetcher, { type: 'have', peer, cids: here });
    for (const cid of cids) if (!has(cid)) other.interest.set(cid, (other.interest.get(cid) ?? new Set()).add(fetcher));
  }

  private claim(fetcher: Fetcher, { requestId, ...claim }: Effect & { type: 'claim' }): void {
    if (this.options.origin === 'stalls') return;
    const { blockBytes = MEGABYTE } = this.options;
    const context = { now: this.clock.nowMs, sizeOf: () => blockBytes };
    const cids = chooseOffer(this.spread, { ...claim, peer: fetcher.name }, context);
    this.later(fetcher, { type: 'offered', requestId, cids });
  }

  private request(fetcher: Fetcher, { requestId, source, cid }: Effect & { type: 'request' }): void {
    if (source.kind === 'gateway') {
      if (this.options.gateway === 'up') this.send(fetcher, { requestId, cid, uplink: this.gatewayUplink });
      else
        this.later(fetcher, {
          type: 'failed',
          requestId,
          reason: this.options.gateway === 'empty' ? 'missing' : 'failed',
        });
    } else if (source.kind === 'origin') this.serveOrigin(fetcher, requestId, cid);
    else this.servePeer(fetcher, { requestId, cid, peer: this.peer(source.peer) });
  }

  private serveOrigin(fetcher: Fetcher, requestId: number, cid: Cid): void {
    if (this.options.origin === 'stalls') return;
    if (this.options.origin === 'garbage') this.later(fetcher, { type: 'failed', requestId, reason: 'corrupt' });
    else {
      this.send(fetcher, { requestId, cid, uplink: this.originUplink });
      noteServed(this.spread, { cid, peer: fetcher.name }, this.clock.nowMs);
    }
  }

  private servePeer(fetcher: Fetcher, asked: { requestId: number; cid: Cid; peer: Fetcher | undefined }): void {
    const { requestId, cid, peer } = asked;
    if (peer === undefined || peer.manner === 'stalls' || (peer.manner === 'lossy' && this.random() < 0.3)) return;
    if (peer.manner === 'garbage') this.later(fetcher, { type: 'failed', requestId, reason: 'corrupt' });
    else if (!peer.store.has(cid)) this.later(fetcher, { type: 'failed', requestId, reason: 'missing' });
    else this.send(fetcher, { requestId, cid, uplink: peer.uplink });
  }

  private send(fetcher: Fetcher, block: { requestId: number; cid: Cid; uplink: Uplink }): void {
    const { requestId, cid, uplink } = block;
    const { blockBytes = MEGABYTE, uplinkBytesPerMs: bytesPerMs = UPLINK_BYTES_PER_MS } = this.options;
    const isWanted = () => !fetcher.cancelled.has(requestId);
    const arrive = () => {
      if (!fetcher.store.has(cid)) this.tell(fetcher, { type: 'arrived', requestId, cid });
    };
    const onSent = () => this.clock.after(LATENCY_MS, arrive);
    uplink.send({ isWanted, onSent }, { clock: this.clock, blockBytes, bytesPerMs });
  }
}

// Drives the planner of one swarm: runs its effects on sessions, gateway and store, and feeds it what happens and the time.
import { randomInt } from 'node:crypto';
import { awakeNowMs, type Cid, isManyhandsError, ManyhandsError, type OverlayNode } from '@manyhands/contract';
import {
  createPlanner,
  type Effect,
  nextTickMs,
  type PlannerEvent,
  type PlannerState,
  step,
} from '@manyhands/overlay-core';
import type { PeerNode } from '../peer/peer-node.js';
import type { BlockStore } from '../store/block-store.js';
import type { FetchFromGateway } from './gateway-client.js';
import { SwarmSessions } from './swarm-sessions.js';
import { Waiters } from './waiters.js';

const FIND_PEERS_TIMEOUT_MS = 5_000;
/** Sessions outlive a fetch by so long, because the next one often follows at once. */
const LINGER_MS = 10_000;

export type SwarmFetchOptions = { swarm: Cid; gatewayUrl: string; originPeer: OverlayNode | null };
export type SwarmFetchDependencies = {
  store: BlockStore;
  peerNode: PeerNode | null;
  findPeers(swarm: Cid): Promise<OverlayNode[]>;
  fetchFromGateway: FetchFromGateway;
  onReceived(sizeBytes: number, isFromOrigin: boolean): void;
};

type ReceivedBlock = { cid: Cid; bytes: Uint8Array; isFromOrigin: boolean };

/** The fetches of one swarm. */
export class SwarmFetch {
  private readonly options: SwarmFetchOptions;
  private readonly dependencies: SwarmFetchDependencies;
  private readonly planner: PlannerState;
  private readonly waiters = new Waiters();
  private readonly sessions: SwarmSessions | undefined;
  private readonly gatewayRequests = new Map<number, AbortController>();
  private readonly events: PlannerEvent[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isRunning = false;
  private isClosed = false;

  constructor(options: SwarmFetchOptions, dependencies: SwarmFetchDependencies) {
    this.options = options;
    this.dependencies = dependencies;
    const { peerNode } = dependencies;
    const { originPeer } = options;
    const hasOverlay = peerNode !== null;
    this.planner = createPlanner({ hasOverlay, hasOrigin: originPeer !== null, seed: randomInt(2 ** 32) });
    if (peerNode === null) return;
    this.sessions = new SwarmSessions(options.swarm, {
      peerNode,
      originPeer,
      dispatch: (event) => this.dispatch(event),
      onBlock: (requestId, block) => void this.receive(requestId, block),
    });
  }

  /** Fetches blocks into the store. Rejects with the reason of `signal`, MH-BLK-003, or what the store says. */
  async fetch(cids: readonly Cid[], signal: AbortSignal, onBlock?: (bytes: Uint8Array) => void): Promise<void> {
    signal.throwIfAborted();
    if (cids.length === 0) return;
    const leave: Array<() => boolean> = [];
    const end = new AbortController();
    const arrivals = new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { signal: end.signal });
      let left = cids.length;
      const onArrival = (bytes: Uint8Array) => {
        onBlock?.(bytes);
        left -= 1;
        if (left === 0) resolve();
      };
      for (const cid of cids) leave.push(this.waiters.add(cid, { onBlock: onArrival, onFailure: reject }));
    });
    this.dispatch({ type: 'want', cids });
    try {
      await arrivals;
    } finally {
      end.abort();
      const unwanted = cids.filter((_, index) => leave[index]?.() === true);
      if (unwanted.length > 0) this.dispatch({ type: 'unwant', cids: unwanted });
    }
  }

  /** A peer of the swarm came by itself. */
  visited(peerId: string): void {
    for (const peer of this.sessions?.learn([{ peerId, addresses: [] }]) ?? [])
      this.dispatch({ type: 'peer-came', peer });
  }

  /** Ends everything; callers that still wait get `error`. */
  close(error: unknown): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.sessions?.close();
    for (const request of this.gatewayRequests.values()) request.abort();
    this.waiters.rejectAll(error);
  }

  private dispatch(event: PlannerEvent): void {
    this.events.push(event);
    if (this.isRunning) return; // an effect led here: the loop below takes the event next
    this.isRunning = true;
    try {
      for (let next = this.events.shift(); next !== undefined && !this.isClosed; next = this.events.shift())
        for (const effect of step(this.planner, next, awakeNowMs()).effects) this.run(effect);
    } finally {
      this.isRunning = false;
    }
    if (!this.isClosed) this.schedule();
  }

  private schedule(): void {
    const now = awakeNowMs();
    const atMs = nextTickMs(this.planner, now);
    clearTimeout(this.timer);
    if (atMs !== null) this.timer = setTimeout(() => this.dispatch({ type: 'tick' }), atMs - now);
    else if (this.sessions?.isOpen()) this.timer = setTimeout(() => this.sessions?.rest(), LINGER_MS).unref();
  }

  private run(effect: Effect): void {
    switch (effect.type) {
      case 'connect':
        this.sessions?.connect(effect.peer);
        return;
      case 'disconnect':
        this.sessions?.disconnect(effect.peer, effect.isBanned);
        return;
      case 'want':
        this.sessions?.want(effect.peer, effect.cids);
        return;
      case 'claim':
        this.sessions?.claim(effect);
        return;
      case 'request':
        this.request(effect);
        return;
      case 'cancel':
        this.cancel(effect);
        return;
      case 'find-peers':
        void this.findPeers();
        return;
      case 'give-up':
        this.waiters.reject(effect.cid, unavailable(effect.cid));
        return;
    }
  }

  private request({ requestId, source, cid }: Effect & { type: 'request' }): void {
    // Another swarm may have brought it meanwhile.
    if (this.dependencies.store.has(cid)) void this.takeFromStore(requestId, cid);
    else if (source.kind === 'gateway') void this.requestFromGateway(requestId, cid);
    else this.sessions?.request(source.kind === 'peer' ? source.peer : 'origin', requestId, cid);
  }

  private cancel({ requestId, source }: Effect & { type: 'cancel' }): void {
    if (source.kind === 'gateway') this.gatewayRequests.get(requestId)?.abort();
    else this.sessions?.cancel(source.kind === 'peer' ? source.peer : 'origin', requestId);
  }

  private async findPeers(): Promise<void> {
    const { findPeers } = this.dependencies;
    const late = new Promise<OverlayNode[]>((resolve) => {
      setTimeout(resolve, FIND_PEERS_TIMEOUT_MS, []).unref();
    });
    const asked = Promise.resolve()
      .then(() => findPeers(this.options.swarm))
      .catch(() => []); // the tracker is away: peers known already and the gateway must do
    const nodes = await Promise.race([asked, late]);
    this.dispatch({ type: 'peers-found', peers: this.sessions?.learn(nodes) ?? [] });
  }

  private async requestFromGateway(requestId: number, cid: Cid): Promise<void> {
    const controller = new AbortController();
    this.gatewayRequests.set(requestId, controller);
    const answer = await this.dependencies.fetchFromGateway(this.options.gatewayUrl, cid, controller.signal);
    this.gatewayRequests.delete(requestId);
    if (answer.ok) await this.receive(requestId, { cid, bytes: answer.bytes, isFromOrigin: true });
    else this.dispatch({ type: 'failed', requestId, reason: answer.reason });
  }

  private async takeFromStore(requestId: number, cid: Cid): Promise<void> {
    const bytes = await this.dependencies.store.get(cid);
    if (bytes !== undefined) this.arrived(requestId, cid, bytes);
    else this.dispatch({ type: 'failed', requestId, reason: 'failed' });
  }

  /** Stores a block, which also verifies it: wrong bytes are the fault of their source, any other error is the store's. */
  private async receive(requestId: number, block: ReceivedBlock): Promise<void> {
    const { cid, bytes, isFromOrigin } = block;
    if (this.isClosed) return;
    try {
      await this.dependencies.store.put(cid, bytes);
    } catch (error) {
      if (isManyhandsError(error) && (error.code === 'MH-BLK-001' || error.code === 'MH-BLK-002')) {
        this.dispatch({ type: 'failed', requestId, reason: 'corrupt' });
        return;
      }
      this.waiters.reject(cid, error);
      this.dispatch({ type: 'unwant', cids: [cid] });
      return;
    }
    this.dependencies.onReceived(bytes.length, isFromOrigin);
    this.arrived(requestId, cid, bytes);
  }

  private arrived(requestId: number, cid: Cid, bytes: Uint8Array): void {
    this.dependencies.peerNode?.share(this.options.swarm, [cid]);
    this.waiters.resolve(cid, bytes);
    this.dispatch({ type: 'arrived', requestId, cid });
  }
}

function unavailable(cid: Cid): ManyhandsError {
  return new ManyhandsError('MH-BLK-003', {
    message: `No source has the block ${cid}: neither a peer nor the coordinator.`,
    meta: { cid },
  });
}

// The sessions of one swarm: opens, uses and closes them as the planner says, and turns what peers answer into planner events.
import type { Cid, OverlayNode } from '@manyhands/contract';
import type { Effect, PlannerEvent } from '@manyhands/overlay-core';
import type { ClientSession, SessionEvents } from '../peer/client-session.js';
import type { PeerNode } from '../peer/peer-node.js';

export type SwarmSessionsDependencies = {
  peerNode: PeerNode;
  originPeer: OverlayNode | null;
  dispatch(event: PlannerEvent): void;
  onBlock(requestId: number, block: { cid: Cid; bytes: Uint8Array; isFromOrigin: boolean }): void;
};

/** Bytes tell the planner of activity at most this often. */
const ACTIVITY_MS = 500;
const ADDRESSES_REMEMBERED_MAXIMUM = 1000;

/** The open sessions of one swarm. */
export class SwarmSessions {
  private readonly swarm: Cid;
  private readonly dependencies: SwarmSessionsDependencies;
  private readonly open = new Map<string | 'origin', ClientSession>();
  private readonly nodes = new Map<string, OverlayNode>();
  private isClosed = false;

  constructor(swarm: Cid, dependencies: SwarmSessionsDependencies) {
    this.swarm = swarm;
    this.dependencies = dependencies;
  }

  /** Remembers where peers are, and names those that may be asked: not this node, not the origin. */
  learn(nodes: readonly OverlayNode[]): string[] {
    const { peerNode, originPeer } = this.dependencies;
    const others = nodes.filter(({ peerId }) => peerId !== peerNode.node.peerId && peerId !== originPeer?.peerId);
    for (const node of others) {
      const known = this.nodes.get(node.peerId);
      if (node.addresses.length > 0 || known === undefined) this.nodes.set(node.peerId, node);
    }
    for (const [peerId] of this.nodes) {
      if (this.nodes.size <= ADDRESSES_REMEMBERED_MAXIMUM) break;
      this.nodes.delete(peerId);
    }
    return others.map(({ peerId }) => peerId);
  }

  connect(peer: string | 'origin'): void {
    const node = peer === 'origin' ? this.dependencies.originPeer : this.nodes.get(peer);
    const opening = node === null || node === undefined ? Promise.reject(new Error('unknown')) : this.start(peer, node);
    opening.then(
      () => this.dependencies.dispatch({ type: 'opened', peer }),
      () => this.dependencies.dispatch({ type: 'closed', peer }),
    );
  }

  disconnect(peer: string | 'origin', isBanned: boolean): void {
    this.open.get(peer)?.close();
    this.open.delete(peer);
    const peerId = peer === 'origin' ? this.dependencies.originPeer?.peerId : peer;
    if (isBanned && peerId !== undefined) this.dependencies.peerNode.ban(peerId);
  }

  want(peer: string, cids: readonly Cid[]): void {
    this.open.get(peer)?.want(cids);
  }

  claim({ requestId, ...claim }: Effect & { type: 'claim' }): void {
    const session = this.open.get('origin');
    if (session === undefined) this.dependencies.dispatch({ type: 'failed', requestId, reason: 'failed' });
    else session.claim(requestId, claim);
  }

  request(peer: string | 'origin', requestId: number, cid: Cid): void {
    const session = this.open.get(peer);
    if (session === undefined) this.dependencies.dispatch({ type: 'failed', requestId, reason: 'failed' });
    else session.get(requestId, cid);
  }

  cancel(peer: string | 'origin', requestId: number): void {
    this.open.get(peer)?.cancel(requestId);
  }

  isOpen(): boolean {
    return this.open.size > 0;
  }

  /** Ends all sessions; the planner opens them again when it needs to. */
  rest(): void {
    for (const session of this.open.values()) session.close();
    this.open.clear();
    this.dependencies.dispatch({ type: 'rested' });
  }

  close(): void {
    this.isClosed = true;
    for (const session of this.open.values()) session.close();
    this.open.clear();
  }

  private async start(peer: string | 'origin', node: OverlayNode): Promise<void> {
    const contact = { ...node, isOrigin: peer === 'origin' };
    const session = await this.dependencies.peerNode.openSession(contact, this.swarm, this.events(peer));
    if (this.isClosed) return session.close();
    this.open.set(peer, session);
  }

  private events(peer: string | 'origin'): SessionEvents {
    const { dispatch, onBlock, peerNode } = this.dependencies;
    let activeMs = 0;
    return {
      onHave: (cids) => dispatch({ type: 'have', peer, cids }),
      onOffer: (requestId, cids) => dispatch({ type: 'offered', requestId, cids }),
      onBlock: (requestId, block) => onBlock(requestId, { ...block, isFromOrigin: peer === 'origin' }),
      onRefuse: (requestId, reason) => dispatch({ type: 'failed', requestId, reason }),
      onActivity: () => {
        const now = performance.now();
        if (now - activeMs < ACTIVITY_MS) return;
        activeMs = now;
        dispatch({ type: 'activity', peer });
      },
      onClose: (fault) => {
        this.open.delete(peer);
        if (fault !== undefined) peerNode.ban(peer === 'origin' ? (this.dependencies.originPeer?.peerId ?? '') : peer);
        dispatch({ type: 'closed', peer });
      },
    };
  }
}

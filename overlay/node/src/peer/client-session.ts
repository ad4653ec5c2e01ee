// The asking end of a stream: one fetcher's session with one peer about one swarm.
import type { Stream } from '@libp2p/interface';
import type { Cid } from '@manyhands/contract';
import { type Answer, CIDS_PER_MESSAGE_MAXIMUM, type RefusalReason } from '@manyhands/overlay-core';
import { FramedStream } from './framed-stream.js';

/** Requests remembered, cancelled ones included, so that a late block is recognised. */
const REMEMBERED_MAXIMUM = 512;

export type SessionEvents = {
  onHave(cids: readonly Cid[]): void;
  onOffer(requestId: number, cids: readonly Cid[]): void;
  /** Bytes for a request, not verified yet. */
  onBlock(requestId: number, block: { cid: Cid; bytes: Uint8Array }): void;
  onRefuse(requestId: number, reason: RefusalReason): void;
  onActivity(): void;
  /** Called once, unless `close` was called first. `fault`: what the peer did wrong. */
  onClose(fault: string | undefined): void;
};

/** A session with a peer. */
export class ClientSession {
  private readonly framed: FramedStream<Answer>;
  private readonly events: SessionEvents;
  private readonly requests = new Map<number, Cid>();
  private readonly claims = new Set<number>();
  private isClosed = false;

  constructor(stream: Stream, swarm: Cid, events: SessionEvents) {
    this.events = events;
    this.framed = new FramedStream<Answer>(stream, 'answer', {
      onMessage: (message) => this.take(message),
      onBytes: () => events.onActivity(),
      onClose: (fault) => {
        if (!this.isClosed) events.onClose(fault);
        this.isClosed = true;
      },
    });
    this.framed.send({ type: 'hello', swarm });
  }

  want(cids: readonly Cid[]): void {
    for (let start = 0; start < cids.length; start += CIDS_PER_MESSAGE_MAXIMUM)
      this.framed.send({ type: 'want', cids: cids.slice(start, start + CIDS_PER_MESSAGE_MAXIMUM) });
  }

  get(id: number, cid: Cid): void {
    this.requests.set(id, cid);
    if (this.requests.size > REMEMBERED_MAXIMUM)
      for (const [oldest] of this.requests) {
        this.requests.delete(oldest);
        break;
      }
    this.framed.send({ type: 'get', id, cid });
  }

  claim(id: number, claim: { cids: readonly Cid[]; count: number; isInsisting: boolean }): void {
    this.claims.add(id);
    this.framed.send({ type: 'claim', id, ...claim, cids: [...claim.cids] });
  }

  cancel(id: number): void {
    if (this.requests.has(id)) this.framed.send({ type: 'cancel', id });
  }

  close(): void {
    this.isClosed = true;
    this.framed.end();
  }

  private take(message: Answer): void {
    switch (message.type) {
      case 'have':
        this.events.onHave(message.cids);
        return;
      case 'offer':
        if (!this.claims.delete(message.id)) this.framed.refuse('an offer without a claim');
        else this.events.onOffer(message.id, message.cids);
        return;
      case 'block':
      case 'refuse':
        this.settle(message);
        return;
    }
  }

  private settle(message: Answer & { type: 'block' | 'refuse' }): void {
    const cid = this.requests.get(message.id);
    this.requests.delete(message.id);
    if (cid === undefined) this.framed.refuse(`a ${message.type} without a request`);
    else if (message.type === 'block') this.events.onBlock(message.id, { cid, bytes: message.bytes });
    else this.events.onRefuse(message.id, message.reason);
  }
}

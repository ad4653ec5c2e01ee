// The answering end of a stream: what one peer asks of this node about one swarm.
import type { Stream } from '@libp2p/interface';
import type { Cid } from '@manyhands/contract';
import { type Ask, CIDS_PER_MESSAGE_MAXIMUM, INTEREST_MAXIMUM } from '@manyhands/overlay-core';
import { FramedStream } from './framed-stream.js';

/** What a session needs of its node. */
export type SessionHost = {
  /** Whether a block is there and may be given to members of the swarm. */
  isShared(swarm: Cid, cid: Cid): boolean;
  /** A seed's choice; ordinary peers choose nothing. */
  choose(peer: string, claim: { cids: readonly Cid[]; count: number; isInsisting: boolean }): Cid[];
  /** Puts a request into the line; false: too many wait. `send` is called in its turn. */
  enqueue(
    upload: { key: string; peer: string; cid: Cid },
    send: (bytes: Uint8Array | undefined) => Promise<void>,
  ): boolean;
  cancel(peer: string, key: string): void;
  onHello(peer: string, swarm: Cid): void;
  /** Called once, with what the peer did wrong if anything. */
  onClose(session: ServerSession, fault: string | undefined): void;
};

let sessions = 0;

/** One inbound stream. */
export class ServerSession {
  readonly peer: string;
  private readonly id = ++sessions;
  private readonly host: SessionHost;
  private readonly framed: FramedStream<Ask>;
  private readonly interest = new Set<Cid>();
  private swarm: Cid | undefined;

  constructor(stream: Stream, peer: string, host: SessionHost) {
    this.peer = peer;
    this.host = host;
    this.framed = new FramedStream<Ask>(stream, 'ask', {
      onMessage: (message) => this.take(message),
      onClose: (fault) => host.onClose(this, fault),
    });
  }

  /** Tells the peer about blocks that came in, if it wants them. */
  announce(cid: Cid): void {
    if (this.swarm === undefined || !this.interest.has(cid) || !this.host.isShared(this.swarm, cid)) return;
    this.interest.delete(cid);
    this.framed.send({ type: 'have', cids: [cid] });
  }

  end(): void {
    this.framed.end();
  }

  private take(message: Ask): void {
    if (message.type === 'hello') {
      this.greet(message.swarm);
      return;
    }
    if (this.swarm === undefined) this.framed.refuse(`a ${message.type} before hello`);
    else this.answer(this.swarm, message);
  }

  private greet(swarm: Cid): void {
    if (this.swarm !== undefined) {
      this.framed.refuse('a second hello');
      return;
    }
    this.swarm = swarm;
    this.host.onHello(this.peer, swarm);
  }

  private answer(swarm: Cid, message: Exclude<Ask, { type: 'hello' }>): void {
    switch (message.type) {
      case 'want':
        this.want(swarm, message.cids);
        return;
      case 'get':
        this.get(swarm, message);
        return;
      case 'cancel':
        this.host.cancel(this.peer, this.key(message.id));
        return;
      case 'claim':
        this.framed.send({ type: 'offer', id: message.id, cids: this.host.choose(this.peer, message) });
        return;
    }
  }

  private want(swarm: Cid, cids: readonly Cid[]): void {
    const here = cids.filter((cid) => this.host.isShared(swarm, cid));
    const absent = new Set(cids);
    for (const cid of here) absent.delete(cid);
    // The oldest interest is forgotten first: a fetcher that wants so many blocks will ask again.
    for (const cid of absent) this.interest.add(cid);
    for (const cid of this.interest) {
      if (this.interest.size <= INTEREST_MAXIMUM) break;
      this.interest.delete(cid);
    }
    for (let start = 0; start < here.length; start += CIDS_PER_MESSAGE_MAXIMUM)
      this.framed.send({ type: 'have', cids: here.slice(start, start + CIDS_PER_MESSAGE_MAXIMUM) });
  }

  private get(swarm: Cid, { id, cid }: { id: number; cid: Cid }): void {
    if (!this.host.isShared(swarm, cid)) {
      this.framed.send({ type: 'refuse', id, reason: 'missing' });
      return;
    }
    const isQueued = this.host.enqueue({ key: this.key(id), peer: this.peer, cid }, async (bytes) => {
      if (bytes === undefined) this.framed.send({ type: 'refuse', id, reason: 'missing' });
      else await this.framed.sendInTurn({ type: 'block', id, bytes });
    });
    if (!isQueued) this.framed.send({ type: 'refuse', id, reason: 'busy' });
  }

  private key(requestId: number): string {
    return `${this.id}/${requestId}`;
  }
}

// The daemon's end of a snapshot on its way: pieces are written in order, and each written one makes room for another.

import type { SnapshotHead } from '../messages/messages.js';
import type { Keeping, SnapshotWriter } from './ports.js';

export type ReceiverEvents = {
  /** Room for one more piece. */
  onMore(): void;
  /** Durable, or not wanted. */
  onKept(): void;
};

export class SnapshotReceiver {
  readonly #head: SnapshotHead;
  readonly #events: ReceiverEvents;
  #receivedBytes = 0;
  #isEnded = false;
  #isWanted = true;
  #writer: SnapshotWriter | null = null;
  /** Everything happens one after the other. */
  #turn: Promise<void>;

  constructor(head: SnapshotHead, dependencies: { keeping: Keeping; events: ReceiverEvents }) {
    this.#head = head;
    this.#events = dependencies.events;
    this.#turn = dependencies.keeping.open(head).then(
      (writer) => {
        this.#writer = writer;
        if (!writer) this.#end();
      },
      () => this.#end(),
    );
  }

  add(piece: Uint8Array): void {
    this.#turn = this.#turn.then(() => this.#write(piece)).catch(() => this.#discard());
  }

  /** The run is over, or its process is. Resolves when nothing is written any more: what was whole is kept by then, the rest is worth nothing. */
  abort(): Promise<void> {
    this.#isWanted = false;
    this.#turn = this.#turn.then(() => this.#discard());
    return this.#turn;
  }

  async #write(piece: Uint8Array): Promise<void> {
    if (this.#isEnded || !this.#isWanted || !this.#writer) return;
    this.#receivedBytes += piece.length;
    if (this.#receivedBytes > this.#head.sizeBytes) throw new Error('the snapshot is larger than its head says');
    await this.#writer.write(piece);
    this.#events.onMore();
    if (this.#receivedBytes < this.#head.sizeBytes) return;
    await this.#writer.commit();
    this.#end();
  }

  async #discard(): Promise<void> {
    if (this.#isEnded) return;
    this.#end();
    await this.#writer?.abort().catch(() => {});
  }

  #end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#events.onKept();
  }
}

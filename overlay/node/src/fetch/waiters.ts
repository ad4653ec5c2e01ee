// Who waits for which block, so that one fetch serves them all.
import type { Cid } from '@manyhands/contract';

type Waiter = { onBlock(bytes: Uint8Array): void; onFailure(error: unknown): void };

/** The callers waiting in one swarm. */
export class Waiters {
  private readonly waiting = new Map<Cid, Set<Waiter>>();

  /** Adds a caller; the returned function takes it away again and tells whether nobody else waits for that block. */
  add(cid: Cid, waiter: Waiter): () => boolean {
    const all = this.waiting.get(cid) ?? new Set();
    this.waiting.set(cid, all.add(waiter));
    return () => {
      const isRemoved = all.delete(waiter);
      if (all.size > 0 || this.waiting.get(cid) !== all) return false;
      this.waiting.delete(cid);
      return isRemoved;
    };
  }

  resolve(cid: Cid, bytes: Uint8Array): void {
    for (const waiter of this.take(cid)) waiter.onBlock(bytes);
  }

  reject(cid: Cid, error: unknown): void {
    for (const waiter of this.take(cid)) waiter.onFailure(error);
  }

  rejectAll(error: unknown): void {
    for (const cid of [...this.waiting.keys()]) this.reject(cid, error);
  }

  private take(cid: Cid): Set<Waiter> {
    const all = this.waiting.get(cid) ?? new Set();
    this.waiting.delete(cid);
    return all;
  }
}

// What runs of a batch are asked to do, and whether their last snapshot has been kept.
import type { Ask } from '../messages/messages.js';

/** An earlier ask gives way to one that says more. */
const WEIGHTS: Readonly<Record<Ask, number>> = { 'hand-over': 0, pause: 1, 'final-hand-over': 2, stop: 3 };

export class RunAsks {
  readonly #asks = new Map<number, Ask>();
  readonly #keeping = new Set<number>();

  ask(id: number, ask: Ask): void {
    const before = this.#asks.get(id);
    if (before === undefined || WEIGHTS[ask] > WEIGHTS[before]) this.#asks.set(id, ask);
  }

  /** What the run is to do now, once. */
  take(id: number): Ask | undefined {
    const ask = this.#asks.get(id);
    this.#asks.delete(id);
    return ask;
  }

  /** A snapshot of the run is on its way to the disk. */
  beginKeeping(id: number): void {
    this.#keeping.add(id);
  }

  isKeeping(id: number): boolean {
    return this.#keeping.has(id);
  }

  kept(id: number): void {
    this.#keeping.delete(id);
  }
}

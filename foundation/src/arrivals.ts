// Who may come in when many come at once, and when the others are to come again: those whose networks brought least go first.
import type { NetworkBudget } from './network-budget.js';
import { type Rate, TokenBucket } from './token-bucket.js';

/** The shortest and the longest wait of somebody who is told to come later, before the jitter, which adds up to as much again. */
const LATER_MINIMUM_MS = 1000;
const LATER_MAXIMUM_MS = 15_000;
/** However hard it is, a network that was not here lately comes in. */
const PRESSURE_MAXIMUM = 0.95;

export class Arrivals {
  private readonly all: TokenBucket;

  /** `networks`: what each network has left of the calls that it may make; taken from by whoever counts them. `random`: from 0 to 1, for the jitter. */
  constructor(
    rate: Rate,
    private readonly networks: NetworkBudget,
    private readonly source: { nowMs: number; random: () => number },
  ) {
    this.all = new TokenBucket(rate, source.nowMs);
  }

  /**
   * Counts one who comes from an address: 0, come in; otherwise the milliseconds after which to come again. `strain`: how hard it is just now for
   * other reasons, from 0 (not at all) to 1. The harder, the less a network may have brought lately.
   */
  ask(address: string, strain: number, nowMs: number): number {
    const crowding = 1 - 2 * this.all.level(nowMs); // from half of the burst on
    const pressure = Math.max(0, Math.min(PRESSURE_MAXIMUM, Math.max(strain, crowding)));
    if (this.networks.level(address, nowMs) < pressure) return later(pressure * LATER_MAXIMUM_MS, this.source.random());
    this.all.take(nowMs);
    return 0;
  }
}

/** A time to come again that is not the same for all who were told at once. `random`: from 0 to 1. */
export function later(waitMs: number, random: number): number {
  return Math.ceil(Math.max(LATER_MINIMUM_MS, waitMs) * (1 + random));
}

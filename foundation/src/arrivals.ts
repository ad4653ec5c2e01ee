// Who may come in when many come at once, and when the others are to come again: those whose networks brought least go first.
import { NetworkBudget } from './network-budget.js';
import { type Rate, TokenBucket } from './token-bucket.js';

/** The shortest and the longest wait of somebody who is told to come later, before the jitter, which adds up to as much again. */
export const LATER_MINIMUM_MS = 1000;
export const LATER_MAXIMUM_MS = 15_000;

export type ArrivalsOptions = {
  /** Of all networks together; what exceeds it slowly shuts out those that bring most. */
  readonly all: Rate;
  /** Of one address; see NetworkBudget. */
  readonly perAddress: Rate;
};

export class Arrivals {
  private readonly all: TokenBucket;
  private readonly networks: NetworkBudget;

  /** `random`: a number from 0 to 1, for the jitter. */
  constructor(
    { all, perAddress }: ArrivalsOptions,
    nowMs: number,
    private readonly random: () => number,
  ) {
    this.all = new TokenBucket(all, nowMs);
    this.networks = new NetworkBudget(perAddress);
  }

  /**
   * Counts one who comes from an address: 0, come in; otherwise the milliseconds after which to come again. `strain`: how hard it is just now for
   * other reasons, from 0 (not at all) to 1. The harder, the less a network may have brought lately; one that was not here lately always comes in.
   */
  ask(address: string, strain: number, nowMs: number): number {
    const level = this.networks.level(address, nowMs);
    const waitMs = this.networks.take(address, nowMs);
    if (waitMs > 0) return later(waitMs, this.random());
    const crowding = Math.max(0, 1 - 2 * this.all.level(nowMs)); // from half of the burst on
    const pressure = Math.min(1, Math.max(strain, crowding));
    if (level < pressure) return later(LATER_MINIMUM_MS + pressure * (LATER_MAXIMUM_MS - LATER_MINIMUM_MS), this.random());
    this.all.take(nowMs);
    return 0;
  }
}

/** A time to come again that is not the same for all who were told at once: `random` from 0 to 1. */
export function later(waitMs: number, random: number): number {
  const leastMs = Math.max(LATER_MINIMUM_MS, waitMs);
  return Math.ceil(leastMs * (1 + random));
}

// A rate for each network: one address (or /64 of IPv6) has its own, and all of one /24 (or /56) together have some times as much.
import { BoundedMap } from './bounded-map.js';
import { networksOf } from './networks.js';
import { type Rate, TokenBucket } from './token-bucket.js';

/** How many times the rate of one address all addresses of its network may use: neighbours are not one another's fault, but nobody needs 256 addresses. */
export const NETWORK_FACTOR = 4;
/** Networks remembered; beyond them the one that called longest ago starts afresh. */
const NETWORKS_MAXIMUM = 50_000;

export class NetworkBudget {
  private readonly parts: BoundedMap<TokenBucket>;
  private readonly shares: BoundedMap<TokenBucket>;
  private readonly shareRate: Rate;

  constructor(
    private readonly rate: Rate,
    networksMaximum = NETWORKS_MAXIMUM,
  ) {
    this.parts = new BoundedMap(networksMaximum);
    this.shares = new BoundedMap(networksMaximum);
    this.shareRate = { perSecond: rate.perSecond * NETWORK_FACTOR, burst: rate.burst * NETWORK_FACTOR };
  }

  /** Takes one of what an address has; returns 0, or the milliseconds until it has one again. */
  take(address: string, nowMs: number): number {
    const { part, share } = networksOf(address);
    // Its own first: who has used that up takes nothing from the neighbours by trying on.
    return this.partOf(part, nowMs).take(nowMs) || this.shareOf(share, nowMs).take(nowMs);
  }

  /** How much an address has left, of its own and of its network's, from 0 to 1: 1 is who was not here lately. */
  level(address: string, nowMs: number): number {
    const { part, share } = networksOf(address);
    return Math.min(this.partOf(part, nowMs).level(nowMs), this.shareOf(share, nowMs).level(nowMs));
  }

  private partOf(part: string, nowMs: number): TokenBucket {
    return this.parts.get(part, () => new TokenBucket(this.rate, nowMs));
  }

  private shareOf(share: string, nowMs: number): TokenBucket {
    return this.shares.get(share, () => new TokenBucket(this.shareRate, nowMs));
  }
}

// How many requests one address may make: generous, because a whole campus may share one, but enough to stop a single loop from taking everything.
import { networkOf } from '@manyhands/contract';

const PER_SECOND = 500;
const BURST = 2000;
/** Addresses remembered; beyond it the oldest start afresh. */
const ADDRESSES_MAXIMUM = 10_000;

/** A token bucket for each address. */
export class AddressBudget {
  private readonly buckets = new Map<string, { tokens: number; atMs: number }>();

  /** Takes one request of an address, or of its /64 of IPv6; answers 0, or the seconds to wait before the next may be made. */
  take(address: string, nowMs: number): number {
    const network = networkOf(address);
    const bucket = this.buckets.get(network) ?? { tokens: BURST, atMs: nowMs };
    const tokens = Math.min(BURST, bucket.tokens + ((nowMs - bucket.atMs) * PER_SECOND) / 1000);
    this.buckets.delete(network); // so that the map stays in order of last use
    this.buckets.set(network, { tokens: Math.max(0, tokens - 1), atMs: nowMs });
    for (const [oldest] of this.buckets) {
      if (this.buckets.size <= ADDRESSES_MAXIMUM) break;
      this.buckets.delete(oldest);
    }
    return tokens >= 1 ? 0 : 1;
  }
}

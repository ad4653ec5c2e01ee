// How many lasting records a network may bring into being: what a stranger makes stays, so each has its share of an hour.
import { networkOf } from '@manyhands/contract';
import { type Bucket, fillBucket, takeFrom } from './token-bucket.js';

/** A school or a lab behind one address joins within the hour. */
export const NEWCOMERS_PER_HOUR = 500;
const ADDRESSES_MAXIMUM = 50_000;

export class Newcomers {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly perHour: number) {}

  /** Counts one more of an address; false when it has had its share. */
  admit(address: string, nowMs: number): boolean {
    const network = networkOf(address);
    const rate = { perSecond: this.perHour / 3600, burst: this.perHour };
    if (this.buckets.size >= ADDRESSES_MAXIMUM && !this.buckets.has(network)) this.buckets.clear();
    const { bucket, isTaken } = takeFrom(this.buckets.get(network) ?? fillBucket(rate, nowMs), rate, nowMs);
    this.buckets.set(network, bucket);
    return isTaken;
  }
}

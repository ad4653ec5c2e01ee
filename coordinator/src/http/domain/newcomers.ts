// How many lasting records an address may bring into being: what a stranger makes stays, so each has its share of an hour.
import { isLoopback, networkOf } from '@manyhands/contract';
import { type Bucket, fillBucket, takeFrom } from './token-bucket.js';

/** A school or a lab behind one address joins within the hour. */
export const NEWCOMERS_PER_HOUR = 500;
/** Demos, tests and measurements make thousands behind one loopback address. */
const LOOPBACK_PER_HOUR = 200_000;
const ADDRESSES_MAXIMUM = 50_000;

export class Newcomers {
  private readonly buckets = new Map<string, Bucket>();

  /** Counts one more of an address; false when it has had its share. */
  admit(address: string, nowMs: number): boolean {
    const network = networkOf(address);
    const perHour = isLoopback(address) ? LOOPBACK_PER_HOUR : NEWCOMERS_PER_HOUR;
    const rate = { perSecond: perHour / 3600, burst: perHour };
    if (this.buckets.size >= ADDRESSES_MAXIMUM && !this.buckets.has(network)) this.buckets.clear();
    const { bucket, isTaken } = takeFrom(this.buckets.get(network) ?? fillBucket(rate, nowMs), rate, nowMs);
    this.buckets.set(network, bucket);
    return isTaken;
  }
}

// How many handshakes may be under way, in all and from one address, and how often an address may begin one.
import { isLoopback, networkOf } from '../../http/address.js';
import { fullBucket, type TokenBucket, takeToken } from './token-bucket.js';

/** Handshakes under way at once: each costs a signature and a verification. */
export const PENDING_MAXIMUM = 500;
export const PENDING_PER_ADDRESS_MAXIMUM = 32;
export const ATTEMPTS_PER_MINUTE = 300;
/** Demos, tests and measurements run thousands of hosts behind one loopback address. */
const LOOPBACK_ATTEMPTS_PER_MINUTE = 100_000;
const ADDRESSES_MAXIMUM = 50_000;

export class HandshakeBounds {
  private readonly pendingOf = new Map<string, number>();
  private readonly buckets = new Map<string, TokenBucket>();
  private pending = 0;

  /** Admits a handshake, which `end` must be told of; null when it must be turned away. */
  begin(address: string, nowMs: number): { end(): void } | null {
    const network = networkOf(address);
    const isLocal = isLoopback(address);
    if (!this.takeAttempt(network, isLocal ? LOOPBACK_ATTEMPTS_PER_MINUTE : ATTEMPTS_PER_MINUTE, nowMs)) return null;
    const ofAddress = this.pendingOf.get(network) ?? 0;
    const isOver = ofAddress >= (isLocal ? PENDING_MAXIMUM : PENDING_PER_ADDRESS_MAXIMUM);
    if (isOver || this.pending >= PENDING_MAXIMUM) return null;
    this.add(network, 1);
    let isEnded = false;
    return {
      end: () => {
        if (!isEnded) this.add(network, -1);
        isEnded = true;
      },
    };
  }

  private takeAttempt(network: string, perMinute: number, nowMs: number): boolean {
    if (this.buckets.size >= ADDRESSES_MAXIMUM && !this.buckets.has(network)) this.buckets.clear();
    const { bucket, waitMs } = takeToken(this.buckets.get(network) ?? fullBucket(perMinute, nowMs), perMinute, nowMs);
    this.buckets.set(network, bucket);
    return waitMs === 0;
  }

  private add(network: string, change: 1 | -1): void {
    this.pending += change;
    const count = (this.pendingOf.get(network) ?? 0) + change;
    if (count > 0) this.pendingOf.set(network, count);
    else this.pendingOf.delete(network);
  }
}

// How many handshakes may be under way, in all and from one address, and how often an address may begin one.
import { isLoopback, networkOf } from '@manyhands/contract';
import { fullBucket, type TokenBucket, takeToken } from './token-bucket.js';

/** Handshakes under way at once: each costs a signature and a verification. */
export const PENDING_MAXIMUM = 500;
export const PENDING_PER_ADDRESS_MAXIMUM = 32;
export const ATTEMPTS_PER_MINUTE = 300;
/** Demos, tests and measurements run thousands of hosts behind one loopback address. */
const LOOPBACK_ATTEMPTS_PER_MINUTE = 100_000;
const ADDRESSES_MAXIMUM = 50_000;

const TOO_OFTEN = { code: 'MH-GEN-012', message: 'Too many connections come from this network.' } as const;
const BUSY = { code: 'MH-WIR-004', message: 'The coordinator is busy.' } as const;

export class HandshakeBounds {
  private readonly pendingOf = new Map<string, number>();
  private readonly buckets = new Map<string, TokenBucket>();
  private pending = 0;

  /** Admits a handshake, which `end` must be told of; or says why it must be turned away. */
  begin(address: string, nowMs: number): { end(): void } | typeof TOO_OFTEN | typeof BUSY {
    const network = networkOf(address);
    const isLocal = isLoopback(address);
    if (!this.takeAttempt(network, isLocal ? LOOPBACK_ATTEMPTS_PER_MINUTE : ATTEMPTS_PER_MINUTE, nowMs))
      return TOO_OFTEN;
    const ofAddress = this.pendingOf.get(network) ?? 0;
    if (this.pending >= PENDING_MAXIMUM) return BUSY;
    if (!isLocal && ofAddress >= PENDING_PER_ADDRESS_MAXIMUM) return TOO_OFTEN;
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

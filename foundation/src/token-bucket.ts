// A token bucket: a rate that allows bursts.

export type Rate = { readonly perSecond: number; readonly burst: number };

export class TokenBucket {
  private tokens: number;

  /** Full at the start. */
  constructor(
    private readonly rate: Rate,
    private atMs: number,
  ) {
    this.tokens = rate.burst;
  }

  /** Takes tokens, and returns 0; or takes none, and returns the milliseconds until there are so many. */
  take(nowMs: number, count = 1): number {
    this.fill(nowMs);
    if (this.tokens < count) return Math.ceil(((count - this.tokens) / this.rate.perSecond) * 1000);
    this.tokens -= count;
    return 0;
  }

  /** How full it is, from 0 to 1. */
  level(nowMs: number): number {
    this.fill(nowMs);
    return this.tokens / this.rate.burst;
  }

  private fill(nowMs: number): void {
    const { perSecond, burst } = this.rate;
    const elapsedSeconds = Math.max(0, nowMs - this.atMs) / 1000; // a clock that is set back takes nothing away
    this.tokens = Math.min(burst, this.tokens + elapsedSeconds * perSecond);
    this.atMs = nowMs;
  }
}

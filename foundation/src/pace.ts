// Whether bytes keep coming: who sends at the least rate or faster is never stopped, who stalls is after a while.

/** Half of what a line of 64 kbit/s carries: it keeps this rate beside other traffic. */
export const RATE_MINIMUM_BYTES = 4 * 1024;
/** Time in which nothing need come: lines stall, and computers are busy. */
export const STALL_MAXIMUM_MS = 15_000;

const RESERVE_BYTES = (RATE_MINIMUM_BYTES * STALL_MAXIMUM_MS) / 1000;

export class Pace {
  private reserveBytes = RESERVE_BYTES;

  constructor(private atMs: number) {}

  /** Bytes have come. What is sent ahead earns no longer stall. */
  note(sizeBytes: number, nowMs: number): void {
    this.reserveBytes = Math.min(RESERVE_BYTES, this.leftAt(nowMs) + sizeBytes);
    this.atMs = nowMs;
  }

  /** The time since then does not count: nobody was reading. */
  resume(nowMs: number): void {
    this.atMs = nowMs;
  }

  isTooSlow(nowMs: number): boolean {
    return this.leftAt(nowMs) < 0;
  }

  private leftAt(nowMs: number): number {
    return this.reserveBytes - (Math.max(0, nowMs - this.atMs) * RATE_MINIMUM_BYTES) / 1000;
  }
}

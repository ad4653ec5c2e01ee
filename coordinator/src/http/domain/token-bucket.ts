// A token bucket: a rate with a burst.

export type Rate = { perSecond: number; burst: number };
export type Bucket = { tokens: number; filledAtMs: number };

export function fillBucket(rate: Rate, nowMs: number): Bucket {
  return { tokens: rate.burst, filledAtMs: nowMs };
}

/** Takes one token if there is one. */
export function takeFrom(bucket: Bucket, rate: Rate, nowMs: number): { bucket: Bucket; isTaken: boolean } {
  const elapsedSeconds = Math.max(0, nowMs - bucket.filledAtMs) / 1000;
  const tokens = Math.min(rate.burst, bucket.tokens + elapsedSeconds * rate.perSecond);
  const isTaken = tokens >= 1;
  return { bucket: { tokens: isTaken ? tokens - 1 : tokens, filledAtMs: nowMs }, isTaken };
}

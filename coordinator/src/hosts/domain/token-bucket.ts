// A rate bound that allows bursts: a minute's worth at once, refilled evenly.

export type TokenBucket = { readonly tokens: number; readonly atMs: number };

export const fullBucket = (perMinute: number, nowMs: number): TokenBucket => ({ tokens: perMinute, atMs: nowMs });

/** Takes one token. `waitMs` is 0 when there was one, otherwise the time until there is. */
export function takeToken(
  bucket: TokenBucket,
  perMinute: number,
  nowMs: number,
): { bucket: TokenBucket; waitMs: number } {
  const perMs = perMinute / 60_000;
  const tokens = Math.min(perMinute, bucket.tokens + Math.max(0, nowMs - bucket.atMs) * perMs);
  if (tokens >= 1) return { bucket: { tokens: tokens - 1, atMs: nowMs }, waitMs: 0 };
  return { bucket: { tokens, atMs: nowMs }, waitMs: Math.ceil((1 - tokens) / perMs) };
}

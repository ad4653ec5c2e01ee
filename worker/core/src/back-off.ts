// Waiting longer after each failure, with jitter so that a thousand workers do not return in one instant.

/** Between half of and the whole exponential delay; `random` in [0, 1). */
export function backOffMs(failureCount: number, random: number, bounds: { baseMs: number; maximumMs: number }): number {
  const delayMs = Math.min(bounds.maximumMs, bounds.baseMs * 2 ** Math.min(failureCount, 30));
  return Math.round(delayMs * (0.5 + random / 2));
}

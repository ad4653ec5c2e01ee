// How late the event loop of this process is: a generator that is itself late measures itself, not the coordinator.

const INTERVAL_MS = 50;

export class Lateness {
  readonly samplesMs: number[] = [];
  private expectedMs = performance.now() + INTERVAL_MS;

  /** Goes on as long as the process. */
  start(): void {
    setInterval(() => this.sample(performance.now()), INTERVAL_MS).unref();
  }

  private sample(nowMs: number): void {
    this.samplesMs.push(...missedOf(nowMs - this.expectedMs, INTERVAL_MS));
    this.expectedMs = nowMs + INTERVAL_MS;
  }
}

/** One sample for each time at which a timer should have come: a pause of a second is not one late timer, but twenty. */
export function missedOf(lateMs: number, intervalMs: number): number[] {
  const samples = [Math.max(0, lateMs)];
  for (let left = lateMs - intervalMs; left > 0; left -= intervalMs) samples.push(left);
  return samples;
}
